import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package whose code is part of the program. */
interface Package {
  name: string;
  version: string;
  /** The name of its terms (SPDX). */
  licence: string;
  /** The terms themselves, as the package has them; empty where it has none. */
  text: string;
}

/** What the terms of the packages want kept, whose modules (absolute paths) are part of the program; each package once. */
export function licencesOf(moduleIds: readonly string[]): string {
  const folders = new Set(moduleIds.flatMap((id) => packageFolderOf(id) ?? []));
  const sections = [...folders].map(readPackage).map(sectionOf);
  return `The program in this folder contains code of these packages.\n${[...new Set(sections)].sort().join('')}`;
}

/** The folder of the innermost package that a module belongs to; undefined for one of ours. */
export function packageFolderOf(moduleId: string): string | undefined {
  return /^\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(moduleId.replaceAll('\\', '/'))?.[0];
}

/** Throws where a package says nothing about its terms: then nobody may pass it on. */
function readPackage(folder: string): Package {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const textFile = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = textFile === undefined ? '' : readFileSync(join(folder, textFile), 'utf8').trim();
  const { name, version, license } = Object(manifest);
  if (typeof license !== 'string') throw new Error(`${folder}: package.json names no licence`);
  return { name, version, licence: license, text };
}

const sectionOf = ({ name, version, licence, text }: Package): string =>
  `\n${'-'.repeat(80)}\n${name} ${version}: ${licence}\n${text === '' ? '' : `\n${text}\n`}`;
