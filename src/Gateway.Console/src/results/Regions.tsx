import { useEffect, useRef, useState } from 'preact/hooks';
import { useSource } from './MediaViews.tsx';
import type { Media, Region } from './views.ts';

/** Regions drawn on the picture that was sent, and listed beside it; pointing at one shows the other. */
export function Regions({ regions, picture }: { regions: Region[]; picture: string | undefined }) {
  const [current, setCurrent] = useState<number | null>(null);
  return (
    <div class="regions">
      <div class={picture ? 'canvas' : 'canvas blank'}>
        {picture && <img src={picture} alt="The picture that was sent, with regions" />}
        {regions.map(({ mask }, index) => mask && <Mask key={index} mask={mask} hue={hue(index)} />)}
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true">
          {regions.map((region, index) => (
            <Outline
              key={index}
              region={region}
              hue={hue(index)}
              isCurrent={index === current}
              onPoint={(is) => setCurrent(is ? index : null)}
            />
          ))}
        </svg>
      </div>
      {!picture && <p class="muted">The picture is at another host, from which this page loads nothing.</p>}
      <ol aria-label="Regions">
        {regions.map((region, index) => (
          <li
            key={index}
            class={index === current ? 'current' : undefined}
            onMouseEnter={() => setCurrent(index)}
            onMouseLeave={() => setCurrent(null)}
          >
            <svg class="swatch" viewBox="0 0 1 1" aria-hidden="true">
              <rect width="1" height="1" fill={hue(index)} />
            </svg>
            {region.image && <Crop image={region.image} />}
            <span class="name">{nameOf(region, index)}</span>
            <span class="value">{region.value?.toFixed(3)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Outline({ region: { box, polygon }, hue, isCurrent, onPoint }: OutlineProps) {
  const look = {
    stroke: hue,
    fill: hue,
    class: isCurrent ? 'current' : undefined,
    onMouseEnter: () => onPoint(true),
    onMouseLeave: () => onPoint(false),
  };
  if (polygon) return <polygon {...look} points={polygon.map(({ row, col }) => `${col},${row}`).join(' ')} />;
  if (!box) return null;
  return (
    <rect {...look} x={box.left} y={box.top} width={Math.max(0, box.right - box.left)} height={Math.max(0, box.bottom - box.top)} />
  );
}

interface OutlineProps {
  region: Region;
  hue: string;
  isCurrent: boolean;
  onPoint: (is: boolean) => void;
}

/** A mask, which is of the whole picture: what is light in it, in the region's colour. */
function Mask({ mask, hue }: { mask: Media; hue: string }) {
  const source = useSource(mask);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!source) return;
    const image = new Image();
    image.onload = () => canvas.current && paint(canvas.current, image, hue);
    image.src = source;
  }, [source, hue]);
  return <canvas ref={canvas} class="mask" aria-hidden="true" />;
}

function paint(canvas: HTMLCanvasElement, image: HTMLImageElement, hue: string): void {
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < pixels.data.length; at += 4) {
    const light = (pixels.data[at]! + pixels.data[at + 1]! + pixels.data[at + 2]!) / 3;
    pixels.data[at + 3] = (light * pixels.data[at + 3]!) / 255;
  }
  context.putImageData(pixels, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = hue;
  context.fillRect(0, 0, canvas.width, canvas.height);
}

// Hues as far from one another as can be, however many there are: by the golden angle.
const hue = (index: number) => `hsl(${(index * 137.5 + 210) % 360} 80% 50%)`;

// What a region is called: by what is surest in it.
function nameOf({ concepts, text }: Region, index: number): string {
  const sorted = concepts.toSorted((one, other) => (other.value ?? 0) - (one.value ?? 0));
  const name =
    sorted
      .slice(0, most)
      .map(({ id, name: called }) => called || id)
      .join(', ') || `Region ${index + 1}`;
  return text ? `${name}: ${text}` : name;
}

const most = 4;

function Crop({ image }: { image: Media }) {
  const source = useSource(image);
  return source ? <img class="crop" src={source} alt="" /> : null;
}
