import { useEffect, useRef, useState } from 'preact/hooks';
import { size } from '../ui/text.ts';
import type { Medium } from './field.ts';
import { mediumOf } from './media.ts';

interface Props {
  onTaken: (medium: Medium) => void;
  onClose: () => void;
}

/** A stream of the machine's camera or microphone, let go when its part of the page goes. */
function useDevice(constraints: MediaStreamConstraints): [MediaStream | null, string | null] {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    let opened: MediaStream | undefined;
    const stop = () => opened?.getTracks().forEach((track) => track.stop());
    const open = async () => {
      // Browsers have none where the connection is not safe: neither https:// nor this machine.
      if (!navigator.mediaDevices) throw new Error('The browser has no devices for pages without HTTPS.');
      opened = await navigator.mediaDevices.getUserMedia(constraints);
      if (isGone) stop();
      else setStream(opened);
    };
    open().catch((error: Error) => setFailure(error.message || error.name));
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  return [stream, failure];
}

export function Camera({ onTaken, onClose }: Props) {
  const [stream, failure] = useDevice({ video: true });
  const [isShowing, setShowing] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);

  const take = () => {
    const { videoWidth: width, videoHeight: height } = video.current!;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    canvas.getContext('2d')!.drawImage(video.current!, 0, 0);
    canvas.toBlob(async (picture) => picture && onTaken(await mediumOf(picture, 'camera.png')), 'image/png');
  };

  return (
    <div class="recorder">
      {failure ? (
        <p class="error">No camera: {failure}</p>
      ) : (
        <video ref={video} autoplay muted playsInline aria-label="The camera" onLoadedData={() => setShowing(true)} />
      )}
      <div class="row">
        <button type="button" onClick={take} disabled={!isShowing}>
          Take the picture
        </button>
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </div>
    </div>
  );
}

export function Microphone({ onTaken, onClose }: Props) {
  const [stream, failure] = useDevice({ audio: true });
  const [recorder, setRecorder] = useState<MediaRecorder | null>(null);
  const [heard, setHeard] = useState(0);

  const start = () => {
    const pieces: Blob[] = [];
    const made = new MediaRecorder(stream!);
    made.ondataavailable = ({ data }) => {
      pieces.push(data);
      setHeard((before) => before + data.size);
    };
    made.onstop = async () => onTaken(await mediumOf(new Blob(pieces, { type: made.mimeType }), 'recording'));
    made.start(pieceLength);
    setRecorder(made);
  };

  return (
    <div class="recorder">
      {failure && <p class="error">No microphone: {failure}</p>}
      <div class="row">
        {recorder ? (
          <button type="button" onClick={() => recorder.stop()} disabled={heard === 0}>
            Stop and use
          </button>
        ) : (
          <button type="button" onClick={start} disabled={!stream}>
            Start recording
          </button>
        )}
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
        {recorder && (
          <span class="muted">
            <span role="status">Recording</span> {size(heard)}
          </span>
        )}
      </div>
    </div>
  );
}

// Milliseconds after which the page is told what was heard: until then, there is nothing to use.
const pieceLength = 200;
