import { expect, it } from 'vitest';
import { MOST_AT_ONCE, shareOf, type Upload, Uploads } from './uploads';

const file = (name: string): { file: File; name: string } => ({ file: new File(['four'], name), name });
const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

it('sends a few at a time, and each of them in the end', async () => {
  const open: (() => void)[] = [];
  let seen: Upload[] = [];
  const uploads = new Uploads(
    () => new Promise<void>((done) => open.push(done)),
    (all) => {
      seen = all;
    },
  );
  uploads.add(['a', 'b', 'c', 'd', 'e'].map(file));
  expect(open).toHaveLength(MOST_AT_ONCE);
  expect(seen.filter(({ going }) => going.state === 'waiting')).toHaveLength(2);
  while (open.length > 0) {
    open.shift()?.();
    await soon();
  }
  expect(seen.map(({ going }) => going.state)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent']);
  uploads.clear();
  expect(seen).toEqual([]);
});

it('tells what failed, and sends it again when asked to', async () => {
  let [seen, tries]: [Upload[], number] = [[], 0];
  const uploads = new Uploads(
    (_file, _name, far) => {
      far(0.5);
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('too large')) : Promise.resolve();
    },
    (all) => {
      seen = all;
    },
  );
  uploads.add([file('a')]);
  expect(shareOf(seen)).toBe(0.5);
  await soon();
  expect(seen[0]?.going).toMatchObject({ state: 'failed', error: new Error('too large') });
  uploads.again(1);
  await soon();
  expect(seen[0]?.going.state).toBe('sent');
  expect(shareOf(seen)).toBe(1);
});
