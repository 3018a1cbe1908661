import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { outputOf } from './python'
import type { Requirement } from './require'

const root = resolve(__dirname, '../..')

/** A Maven artifact as `group:artifact:version`. */
export type Artifact = `${string}:${string}:${string}`

export const kafkaClients: Artifact = 'org.apache.kafka:kafka-clients:4.4.0'
/** Kafka's command-line tools; the clients are among what they need. */
export const kafkaTools: Artifact = 'org.apache.kafka:kafka-tools:4.4.0'
export const kafkaStreams: Artifact = 'org.apache.kafka:kafka-streams:4.4.0'
const logger: Artifact = 'org.slf4j:slf4j-nop:2.0.16'

/** That a Java compiler is there, and Maven to bring what it compiles against. */
export function needsJava(): Requirement {
  for (const command of ['javac', 'mvn']) {
    if (spawnSync(command, ['-version'], { stdio: 'ignore' }).status !== 0) return { missing: `no ${command}` }
  }
  return {}
}

/** Jars of the artifacts and of what they need, by Maven; kept below .cache/java. */
export function classpathOf(artifacts: readonly Artifact[]): string {
  const all = [...artifacts, logger]
  const folder = join(root, '.cache/java', all.join('+').replace(/[^\w.+-]/g, '_'))
  const file = join(folder, 'classpath.txt')
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'pom.xml'), pomOf(all))
    const { status, stdout, stderr } = spawnSync(
      'mvn',
      ['-q', '-B', 'dependency:build-classpath', `-Dmdep.outputFile=${file}`, '-f', join(folder, 'pom.xml')],
      { encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`Maven could not bring ${all.join(', ')}:\n${stdout}${stderr}`)
  }
  return readFileSync(file, 'utf8').trim()
}

/** Compiles one source file and leaves its class running. */
export async function startJava(
  source: string,
  args: readonly string[],
  artifacts: readonly Artifact[] = [kafkaClients],
) {
  const classpath = classpathOf(artifacts)
  const folder = mkdtempSync(join(tmpdir(), 'ottla-java-'))
  await outputOf(spawn('javac', ['-cp', classpath, '-d', folder, source]), `javac ${source}`)
  const name = /([^/\\]+)\.java$/.exec(source)![1]!
  const child = spawn('java', ['-cp', [folder, classpath].join(delimiter), name, ...args])
  child.once('close', () => rmSync(folder, { recursive: true, force: true }))
  return child
}

/** Compiles one source file and runs its class; resolves with what it printed. */
export async function runJava(
  source: string,
  args: readonly string[],
  artifacts: readonly Artifact[] = [kafkaClients],
) {
  return await outputOf(await startJava(source, args, artifacts), source)
}

function pomOf(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`
  })
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>',
    '<groupId>ottla</groupId><artifactId>classpath</artifactId><version>1</version>',
    `<dependencies>${dependencies.join('')}</dependencies></project>`,
  ].join('\n')
}
