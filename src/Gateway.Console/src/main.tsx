import { render } from 'preact';
import { App } from './App.tsx';
import { gateway } from './gateway/client.ts';
import type { About } from './settings.ts';
import './console.css';

const response = await fetch(new URL('console/about.json', gateway), { credentials: 'omit' });
const about = (await response.json()) as About;
render(<App about={about} />, document.getElementById('app')!);
