/** Files are dropped here, or chosen, and each is seen on its way. */
import { Button, Progress } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCloudUpload, IconRefresh } from '@tabler/icons-react';
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { upload } from '../../api/knowing';
import { renew } from '../../api/people';
import type { SourceShape } from '../../api/schema';
import { useWords } from '../../i18n';
import { type Upload as One, Uploads } from '../../lib/uploads';
import { useReason } from '../../ui/states';
import { filesIn } from './dropped';

export function Upload(props: { source: SourceShape }): ReactNode {
  const { t } = useWords();
  const { id, name } = props.source;
  const [all, setAll] = useState<One[]>([]);
  const [over, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const uploads = useRef<Uploads>(null);
  const stop = useRef<AbortController>(null);
  useEffect(() => {
    const ends = new AbortController();
    stop.current = ends;
    uploads.current = new Uploads(async (file, path, far) => {
      await upload(id, file, path, far, ends.signal);
      await renew('documents', 'sources');
    }, setAll);
    return () => ends.abort();
  }, [id]);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void filesIn(event.dataTransfer).then((files) => uploads.current?.add(files));
  };
  const busy = all.some(({ going }) => going.state === 'waiting' || going.state === 'sending');
  const sent = all.filter(({ going }) => going.state === 'sent').length;
  return (
    <section
      className="card droparea"
      aria-label={t('upload.title')}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={drop}
    >
      <div className="dropword">
        <IconCloudUpload size={26} stroke={1.5} aria-hidden />
        <b>{t('upload.drop')}</b>
        <span className="sub">{t('upload.drop.detail')}</span>
        <Button variant="default" onClick={() => picker.current?.click()}>
          {t('upload.choose')}
        </Button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t('upload.into', { name })}
          onChange={(event) => {
            const files = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = '';
            uploads.current?.add(files.map((file) => ({ file, name: file.name })));
          }}
        />
      </div>
      {all.length > 0 && (
        <>
          <div className="uploadhead">
            <span className="sub" role="status">
              {t('upload.total', { count: sent, of: all.length })}
            </span>
            {!busy && (
              <Button size="compact-xs" variant="subtle" onClick={() => uploads.current?.clear()}>
                {t('upload.clear')}
              </Button>
            )}
          </div>
          <ul className="uploads">
            {all.map((each) => (
              <Row key={each.id} of={each} again={() => uploads.current?.again(each.id)} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Row(props: { of: One; again: () => void }): ReactNode {
  const { t, f } = useWords();
  const { name, size, going } = props.of;
  const reason = useReason();
  return (
    <li>
      <span className="clip" title={name}>
        {name}
      </span>
      {going.state === 'sending' ? (
        <Progress value={going.share * 100} size="sm" aria-label={t('upload.far', { name })} />
      ) : going.state === 'failed' ? (
        <span className="row">
          <span className="danger" role="alert">
            <IconAlertTriangle size={13} aria-hidden /> {reason(going.error).detail}
          </span>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconRefresh size={13} />}
            onClick={props.again}
          >
            {t('action.again')}
          </Button>
        </span>
      ) : (
        <span className="sub">
          {going.state === 'sent' && <IconCheck size={13} aria-hidden />} {t(`upload.${going.state}`)}
        </span>
      )}
      <span className="sub num">{f.bytes(size)}</span>
    </li>
  );
}
