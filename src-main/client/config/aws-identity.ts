import { exec, execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { AwsIdentity } from '../../security/msk-iam'
import { SettingsError } from './properties'

/** Time that a program has to print credentials: it may ask a server, or wait for a person to sign in. */
const programMs = 60_000

export interface AwsEnvironment {
  readonly environment: NodeJS.ProcessEnv
  /** What a program prints. @throws Error */
  readonly run?: (program: string, args: readonly string[]) => Promise<string>
  readonly shell?: (command: string) => Promise<string>
}

/**
 * The identity with which AWS requests are signed, asked for again at each connection since it may be temporary: that of the environment; else
 * of a profile, by its keys, by its `credential_process`, or by the `aws` program, which knows single sign-on and assumed roles.
 *
 * @param profile null: that of AWS_PROFILE
 * @throws SettingsError with a sentence that shows no secret
 */
export async function awsIdentity(profile: string | null, parts: AwsEnvironment): Promise<AwsIdentity> {
  const { environment, run = runProgram, shell = runCommand } = parts
  const own = identityOf(
    environment.AWS_ACCESS_KEY_ID,
    environment.AWS_SECRET_ACCESS_KEY,
    environment.AWS_SESSION_TOKEN,
  )
  if (profile === null && own) return own
  const name = profile ?? environment.AWS_PROFILE ?? 'default'
  const folder = join(homedir(), '.aws')
  const stored = sectionOf(environment.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, 'credentials'), [name])
  const found = identityOf(
    stored.get('aws_access_key_id'),
    stored.get('aws_secret_access_key'),
    stored.get('aws_session_token'),
  )
  if (found) return found
  const config = sectionOf(environment.AWS_CONFIG_FILE ?? join(folder, 'config'), [`profile ${name}`, name])
  const command = stored.get('credential_process') ?? config.get('credential_process')
  if (command !== undefined) return printed(await told(`credential_process of profile ${name}`, shell(command)), name)
  const args = ['configure', 'export-credentials', '--profile', name, '--format', 'process']
  return printed(await told('aws configure export-credentials', run('aws', args)), name)
}

function identityOf(accessKeyId?: string, secretAccessKey?: string, sessionToken?: string): AwsIdentity | undefined {
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, sessionToken: sessionToken || null }
}

/** The first of these sections of an ini file; nothing where there is no file. */
function sectionOf(file: string, names: readonly string[]): ReadonlyMap<string, string> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
    throw new SettingsError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
  const values = new Map<string, string>()
  let isIn = false
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[\s*(.*?)\s*\]/.exec(line)?.[1]
    if (section !== undefined) isIn = names.includes(section)
    const [, key, value] = /^\s*([\w.]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (isIn && key !== undefined && value !== undefined) values.set(key, value)
  }
  return values
}

async function told(what: string, output: Promise<string>): Promise<string> {
  try {
    return await output
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new SettingsError(
      isMissing
        ? 'AWS_MSK_IAM needs credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, store a profile in ~/.aws/credentials, or install the aws program.'
        : `${what} gave no credentials: ${lastLine(error)}.`,
    )
  }
}

/** What `credential_process` prints (version 1). @throws SettingsError */
function printed(text: string, profile: string): AwsIdentity {
  const unreadable = new SettingsError(`The credentials of the AWS profile ${profile} cannot be read.`)
  let value: Partial<Record<'AccessKeyId' | 'SecretAccessKey' | 'SessionToken', string>> | null
  try {
    value = JSON.parse(text) as typeof value
  } catch {
    throw unreadable
  }
  const found = identityOf(value?.AccessKeyId, value?.SecretAccessKey, value?.SessionToken)
  if (!found) throw unreadable
  return found
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.trim().split('\n').at(-1) ?? '').replace(/\.$/, '')
}

function runProgram(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [...args], { timeout: programMs, windowsHide: true }, (error, output) =>
      error ? reject(error) : resolve(output),
    )
  })
}

/** The specification of `credential_process` has it run by a shell. */
function runCommand(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    exec(command, { timeout: programMs, windowsHide: true }, (error, output) =>
      error ? reject(error) : resolve(output),
    )
  })
}
