import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

function findChromium() {
  const names = ['chromium-headless-shell', 'chromium', 'google-chrome'];
  const folders = process.env.PATH.split(delimiter);
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
  if (!found) throw new Error(`None of ${names.join(', ')} is on the PATH. These tests need Chromium: 'apt install chromium-headless-shell'.`);
  return found;
}

// Root, as whom CI runs, cannot have Chromium's sandbox; all pages are the tests' own.
export const launch = (...args) => chromium.launch({ executablePath: findChromium(), chromiumSandbox: false, args });
