import { useEffect, useState } from 'preact/hooks';
import { mimeOf, type Media } from './views.ts';

/** Where the page can see a medium that came in an answer; null for those of other hosts, from which it loads nothing. */
export function useSource({ base64 }: Media): string | null {
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    if (!base64) return setSource(null);
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: mimeOf(base64) }));
    setSource(address);
    return () => URL.revokeObjectURL(address);
  }, [base64]);
  return source;
}

export function ImageView({ media }: { media: Media }) {
  const source = useSource(media);
  if (!source) return <Elsewhere media={media} />;
  return (
    <figure class="medium">
      <img src={source} alt="The picture of the answer" />
      <Save source={source} />
    </figure>
  );
}

export function Sound({ media }: { media: Media }) {
  const source = useSource(media);
  if (!source) return <Elsewhere media={media} />;
  return (
    <figure class="medium">
      <audio src={source} controls aria-label="The sound of the answer" />
      <Save source={source} />
    </figure>
  );
}

export function Film({ media }: { media: Media }) {
  const source = useSource(media);
  if (!source) return <Elsewhere media={media} />;
  return (
    <figure class="medium">
      <video src={source} controls aria-label="The video of the answer" />
      <Save source={source} />
    </figure>
  );
}

const Save = ({ source }: { source: string }) => (
  <a href={source} download="answer">
    Save
  </a>
);

const Elsewhere = ({ media: { url } }: { media: Media }) =>
  url ? (
    <p>
      At another host, from which this page loads nothing:{' '}
      <a href={url} rel="noreferrer" target="_blank">
        {url}
      </a>
    </p>
  ) : null;
