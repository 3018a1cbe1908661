import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { committedOffsets, listGroups } from '../../src-main/client/admin/groups'
import type { KafkaClient } from '../../src-main/client/client'
import { listOffsets, offsetSpecs, valuesOf } from '../../src-main/client/offsets'

const root = resolve(__dirname, '../..')

/** Everything that looking could change: topics, the ends of all logs, groups, and what these have committed. */
export async function contentOf(client: KafkaClient): Promise<unknown> {
  client.metadata.forgetTopics()
  const topics = await client.topics(null)
  const places = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partition }) => ({ topic: name, partition, timestamp: offsetSpecs.latest })),
  )
  const ends = [...valuesOf(await listOffsets(client, places))].map(([key, { offset }]) => `${key} ${offset}`)
  const listed = await listGroups(client)
  const committed = await Promise.all(listed.map(({ groupId }) => committedOffsets(client, groupId)))
  return { ends: ends.sort(), listed, committed: committed.map((offsets) => [...offsets.values()]) }
}

/** `ottla serve --cluster FILE` in a process of its own. */
export class ClusterPages {
  private constructor(
    readonly ready: { readonly ui: string | null },
    /** Where the app keeps its data. */
    readonly folder: string,
    readonly stop: () => Promise<void>,
  ) {}

  /** @param lines further settings of the cluster's file */
  static async start(bootstrap: string, args: readonly string[], lines: readonly string[] = []): Promise<ClusterPages> {
    const folder = mkdtempSync(join(tmpdir(), 'ottla-cluster-'))
    const file = join(folder, 'client.properties')
    writeFileSync(file, [`bootstrap.servers=${bootstrap}`, ...lines].join('\n'))
    return await ClusterPages.#run(['--cluster', file, ...args], folder, {})
  }

  /** The stored connection with a name, of an app whose data lie in `folder`; that is removed at the end. */
  static async ofConnection(
    name: string,
    folder: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<ClusterPages> {
    return await ClusterPages.#run(['--cluster', name], folder, environment)
  }

  static async #run(
    args: readonly string[],
    folder: string,
    environment: Readonly<Record<string, string>>,
  ): Promise<ClusterPages> {
    const all = ['--ui-port', '0', '--json', ...args]
    const child = spawn(process.execPath, [join(root, 'out/main/headless.js'), ...all], {
      // The audit log goes to the folder of the app, which for a test is its own.
      env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, APPDATA: folder, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exit = once(child, 'exit')
    const [line] = (await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      exit.then(() => Promise.reject(new Error('it ended before it was ready'))),
    ])) as [string]
    return new ClusterPages(JSON.parse(line) as { ui: string | null }, folder, async () => {
      child.kill('SIGTERM')
      await exit
      rmSync(folder, { recursive: true, force: true })
    })
  }
}
