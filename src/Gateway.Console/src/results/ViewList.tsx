import { Concepts } from './Concepts.tsx';
import { ImageView, Sound, Film } from './MediaViews.tsx';
import { Regions } from './Regions.tsx';
import { Vector } from './Vector.tsx';
import type { View } from './views.ts';

/** Views, one below the other. */
export function ViewList({ views, picture }: { views: View[]; picture: string | undefined }) {
  return (
    <>
      {views.map((view, index) => (
        <OneView key={index} view={view} picture={picture} />
      ))}
    </>
  );
}

function OneView({ view, picture }: { view: View; picture: string | undefined }) {
  switch (view.kind) {
    case 'text':
      return <p class="said">{view.text}</p>;
    case 'concepts':
      return <Concepts concepts={view.concepts} />;
    case 'regions':
      return <Regions regions={view.regions} picture={picture} />;
    case 'image':
      return <ImageView media={view.media} />;
    case 'audio':
      return <Sound media={view.media} />;
    case 'video':
      return <Film media={view.media} />;
    case 'vector':
      return <Vector values={view.values} />;
    case 'colors':
      return (
        <ul class="colors" aria-label="Colours">
          {view.colors.map(({ hex, name, value }) => (
            <li key={hex + name}>
              <svg class="swatch" viewBox="0 0 1 1" aria-hidden="true">
                <rect width="1" height="1" fill={hex} />
              </svg>
              {name} <span class="muted">{(value * 100).toFixed(1)} %</span>
            </li>
          ))}
        </ul>
      );
    case 'frames':
      return (
        <ol class="frames">
          {view.frames.map((frame, index) => (
            <li key={index}>
              <h3>{frame.time}</h3>
              <ViewList views={frame.views} picture={undefined} />
            </li>
          ))}
        </ol>
      );
    case 'group':
      return (
        <section class="group">
          <h2>{view.title}</h2>
          {view.views.length === 0 ? <p class="muted">Nothing.</p> : <ViewList views={view.views} picture={picture} />}
        </section>
      );
    case 'error':
      return <p class="error">{view.text}</p>;
    case 'json':
      return <pre class="code">{JSON.stringify(view.value, null, 2)}</pre>;
  }
}
