import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { awsIdentity } from '../../../src-main/client/config/aws-identity'
import { readClientConfig } from '../../../src-main/client/config/client-config'

let folder: string
let environment: NodeJS.ProcessEnv
const ran: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-aws-'))
  ran.length = 0
  environment = {
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_CONFIG_FILE: join(folder, 'config'),
  }
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const identity = (id: string, sessionToken: string | null = null) => ({
  accessKeyId: id,
  secretAccessKey: `${id}-secret`,
  sessionToken,
})
const output = (id: string) =>
  JSON.stringify({ Version: 1, AccessKeyId: id, SecretAccessKey: `${id}-secret`, SessionToken: 'token' })

/** Programs print what is given, or fail. */
function found(profile: string | null, printed: string | Error = new Error('no program')) {
  const run = (text: string) => {
    ran.push(text)
    return printed instanceof Error ? Promise.reject(printed) : Promise.resolve(printed)
  }
  return awsIdentity(profile, {
    environment,
    run: (program, args) => run(`${program} ${args.join(' ')}`),
    shell: (command) => run(command),
  })
}

test('the environment comes first, unless a profile is named', async () => {
  Object.assign(environment, { AWS_ACCESS_KEY_ID: 'env', AWS_SECRET_ACCESS_KEY: 'env-secret', AWS_SESSION_TOKEN: 't' })
  expect(await found(null)).toEqual(identity('env', 't'))
  writeFileSync(join(folder, 'credentials'), '[work]\naws_access_key_id = work\naws_secret_access_key = work-secret\n')
  expect(await found('work')).toEqual(identity('work'))
})

test('a profile has keys, a program of its own, or what the aws program knows', async () => {
  writeFileSync(
    join(folder, 'credentials'),
    '# keys\n[default]\naws_access_key_id=own\naws_secret_access_key=own-secret\naws_session_token=t\n[other]\n',
  )
  writeFileSync(join(folder, 'config'), '[profile other]\ncredential_process = /opt/keys --for me\n[profile sso]\n')
  expect(await found(null)).toEqual(identity('own', 't'))
  environment.AWS_PROFILE = 'other'
  expect(await found(null, output('process'))).toEqual(identity('process', 'token'))
  expect(await found('sso', output('sso'))).toEqual(identity('sso', 'token'))
  expect(ran).toEqual(['/opt/keys --for me', 'aws configure export-credentials --profile sso --format process'])
})

test('what is missing is told without a secret', async () => {
  const missing = Object.assign(new Error('spawn aws ENOENT'), { code: 'ENOENT' })
  await expect(found('sso', missing)).rejects.toThrow('AWS_MSK_IAM needs credentials')
  await expect(found('sso', new Error('Command failed: aws\nThe SSO session has expired.'))).rejects.toThrow(
    'aws configure export-credentials gave no credentials: The SSO session has expired.',
  )
  for (const text of ['{"SecretAccessKey":"hidden"}', 'hidden']) {
    await expect(found('sso', text)).rejects.toThrow(/^The credentials of the AWS profile sso cannot be read\.$/)
  }
})

test('the configuration of aws-msk-iam-auth is understood', () => {
  const text = [
    'bootstrap.servers=b-1.kafka.eu-west-1.amazonaws.com:9098',
    'security.protocol=SASL_SSL',
    'sasl.mechanism=AWS_MSK_IAM',
    'sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required awsProfileName="work";',
    'sasl.client.callback.handler.class=software.amazon.msk.auth.iam.IAMClientCallbackHandler',
  ]
  const { settings, ignored } = readClientConfig(text.join('\n'), () => 0)
  expect([settings.sasl?.mechanism, ignored]).toEqual(['AWS_MSK_IAM', []])
  const role = text.map((line) => line.replace('awsProfileName', 'awsRoleArn'))
  expect(() => readClientConfig(role.join('\n'), () => 0)).toThrow('let a profile of ~/.aws/config assume the role')
})
