/** Listens for single keys wherever nobody is writing. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMay } from '../api/rights';
import { areOn, Chords } from '../lib/chords';
import { PLACES } from './places';

const WRITING = 'input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]';

export function useChords(help: () => void): void {
  const go = useNavigate();
  const may = useMay();
  useEffect(() => {
    const chords = new Chords();
    const press = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : document.body;
      const modified = event.ctrlKey || event.metaKey || event.altKey;
      if (modified || event.key === 'Shift' || !areOn()) return;
      const meant = chords.take({ key: event.key, plain: !target.closest(WRITING), at: event.timeStamp });
      if (meant === 'help') help();
      const place = meant && meant !== 'help' && PLACES.find((each) => each.letter === meant.go);
      if (meant) event.preventDefault();
      if (place && may(place.right)) void go({ to: place.to });
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
}
