import { useState } from 'preact/hooks';
import { Icon } from '../ui/Icon.tsx';
import { size } from '../ui/text.ts';
import type { MediaKind, Medium } from './field.ts';
import { mediumAt, mediumOf } from './media.ts';
import { Camera, Microphone } from './Recorders.tsx';

interface Props {
  id: string;
  kind: MediaKind;
  several: boolean;
  media: Medium[];
  onChange: (media: Medium[]) => void;
}

const accepted: Record<MediaKind, string> = { image: 'image/*', audio: 'audio/*', video: 'video/*', file: '*/*' };

/** Files by drag and drop or from a dialog, the camera or the microphone, or addresses of such. */
export function MediaField({ id, kind, several, media, onChange }: Props) {
  const [isOver, setOver] = useState(false);
  const [source, setSource] = useState<'file' | 'camera' | 'microphone' | 'url'>('file');
  const [url, setUrl] = useState('');

  const add = (added: Medium[]) => {
    onChange(several ? [...media, ...added] : added.slice(-1));
    setSource('file');
  };
  const addFiles = async (files: Iterable<File>) => add(await Promise.all([...files].map((file) => mediumOf(file, file.name))));
  const addUrl = () => {
    if (url.trim() === '') return;
    add([mediumAt(url.trim())]);
    setUrl('');
  };

  return (
    <div
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void addFiles(event.dataTransfer?.files ?? []);
      }}
    >
      {media.map((medium, index) => (
        <Chosen
          key={medium.name + index}
          medium={medium}
          kind={kind}
          onRemove={() => onChange(media.filter((_, at) => at !== index))}
        />
      ))}
      <div class="sources">
        <label class="button quiet file" for={`${id}-file`}>
          <Icon name="upload" /> Choose {an(kind)}
          <input
            type="file"
            id={`${id}-file`}
            accept={accepted[kind]}
            multiple={several}
            onChange={(event) => {
              void addFiles(event.currentTarget.files ?? []);
              event.currentTarget.value = '';
            }}
          />
        </label>
        {kind === 'image' && (
          <button type="button" class="quiet" onClick={() => setSource('camera')}>
            <Icon name="camera" /> Camera
          </button>
        )}
        {kind === 'audio' && (
          <button type="button" class="quiet" onClick={() => setSource('microphone')}>
            <Icon name="microphone" /> Record
          </button>
        )}
        {kind !== 'file' && (
          <button
            type="button"
            class="quiet"
            onClick={() => setSource(source === 'url' ? 'file' : 'url')}
            aria-expanded={source === 'url'}
          >
            <Icon name="link" /> URL
          </button>
        )}
        <span class="hint">or drop it here</span>
      </div>
      {source === 'camera' && <Camera onTaken={(medium) => add([medium])} onClose={() => setSource('file')} />}
      {source === 'microphone' && <Microphone onTaken={(medium) => add([medium])} onClose={() => setSource('file')} />}
      {source === 'url' && (
        <div class="row">
          <input
            type="url"
            aria-label={`The URL of ${an(kind)}`}
            placeholder="https://…"
            value={url}
            onInput={(event) => setUrl(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              addUrl();
            }}
          />
          <button type="button" onClick={addUrl}>
            Use
          </button>
        </div>
      )}
    </div>
  );
}

function Chosen({ medium, kind, onRemove }: { medium: Medium; kind: MediaKind; onRemove: () => void }) {
  return (
    <figure class="chosen">
      {medium.preview && kind === 'image' && <img src={medium.preview} alt={`Chosen: ${medium.name}`} />}
      {medium.preview && kind === 'audio' && <audio src={medium.preview} controls aria-label={medium.name} />}
      {medium.preview && kind === 'video' && <video src={medium.preview} controls muted aria-label={medium.name} />}
      <figcaption>
        <span class="name">{medium.name}</span>
        {medium.base64 !== undefined && <span class="muted">{size((medium.base64.length * 3) / 4)}</span>}
        <button type="button" class="quiet icon" onClick={onRemove} aria-label={`Remove ${medium.name}`}>
          <Icon name="close" />
        </button>
      </figcaption>
    </figure>
  );
}

const an = (kind: MediaKind) => ({ image: 'an image', audio: 'a sound', video: 'a video', file: 'a file' })[kind];
