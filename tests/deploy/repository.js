import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

// The files that checks read, by their path in the repository.
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const path = (file) => join(root, file);
export const read = (file) => readFileSync(path(file), 'utf8');
export const readYaml = (file) => parse(read(file));
export const readJson = (file) => JSON.parse(read(file));

/** The variables of a file with a NAME=VALUE on each line. */
export const readVariables = (file) =>
  Object.fromEntries([...readFileSync(file, 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, ...pair]) => pair));

/** The one version: of the program, the image, the manifests and the bill of materials. */
export const version = read('Directory.Build.props').match(/<VersionPrefix>(.*)</)[1];

/** The anchors of a page's headings, as GitHub makes them. */
export const anchors = (file) =>
  [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

/** The code blocks of a page below a heading. */
export function blocks(file, heading) {
  const section =
    read(file)
      .split(new RegExp(`^#+ ${heading}$`, 'm'))[1]
      ?.split(/^#/m)[0] ?? '';
  return [...section.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, code]) => code);
}

/** Faults as they are found; the process says them all at its end, and fails if there are any. */
export class Faults {
  #found = [];

  add(fault) {
    this.#found.push(fault);
  }

  unless(condition, fault) {
    if (!condition) this.add(fault);
  }

  /** Prints the faults, else what was looked at. */
  end(summary) {
    console.log(this.#found.length === 0 ? summary : this.#found.map((fault) => `wrong: ${fault}`).join('\n'));
    process.exitCode = this.#found.length === 0 ? 0 : 1;
  }
}
