import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Requirement } from './require'

/** Where .ci/run installs clients that are no packages of the project. */
const folder = resolve(__dirname, '../../.cache/clients/node_modules')

export function needsNpmClient(name: string): Requirement {
  return existsSync(join(folder, name)) ? {} : { missing: `no npm package ${name}` }
}

/** For `NODE_PATH`: a CommonJS script finds these clients there. */
export const npmClients = folder
