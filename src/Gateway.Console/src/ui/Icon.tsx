const paths = {
  upload: 'M12 16V4m0 0L7 9m5-5 5 5M4 20h16',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
  microphone: 'M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM5 11a7 7 0 0 0 14 0M12 18v3',
  link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1-1',
  close: 'M6 6l12 12M18 6 6 18',
  key: 'M14.5 9.5 20 4m-2.5 2.5L20 9M8 20a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm3-7 3.5-3.5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  play: 'M7 5v14l12-7z',
  stop: 'M6 6h12v12H6z',
  menu: 'M4 7h16M4 12h16M4 17h16',
};

/** A picture for what its text says; without one it has a label at its button. */
export const Icon = ({ name }: { name: keyof typeof paths }) => (
  <svg class="glyph" viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
