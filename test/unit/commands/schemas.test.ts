import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { schemasCommand } from '../../../src-main/commands/schemas/command'
import type { Credentials } from '../../../src-main/rest/server'
import { avroRecord } from '../../support/registry'
import { TestRest } from '../../support/rest'

const isUser = (credentials: Credentials | null) => credentials?.user === 'ann' && credentials.password === 's:cret'

let folder: string
let rest: TestRest
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-schemas-'))
  rest = await TestRest.start(isUser)
})
afterAll(async () => {
  await rest.dispose()
  rmSync(folder, { recursive: true, force: true })
})

interface Run {
  /** What the command answered; what it threw, as text. */
  readonly ended: boolean | string
  readonly printed: string
}

async function run(words: readonly string[], identity: readonly string[] = ['--user', 'ann:s:cret']): Promise<Run> {
  let printed = ''
  const print = (text: string) => {
    printed += text
  }
  const argv = [...words, '--registry-url', rest.url, ...identity]
  const ended = await schemasCommand(argv, { environment: {}, print }).catch((error: Error) => error.message)
  return { ended, printed }
}

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const item = avroRecord({ n: 'int' }, 'Item')
const order = avroRecord({ item: 'Item' }, 'Order')

describe('ottla schemas', () => {
  it('registers, lists and gives back, with references', async () => {
    expect(await run(['register', 'item', file('item.avsc', ` ${item} `)])).toEqual({
      ended: true,
      printed: 'item version 1, id 1\n',
    })
    const orderFile = file('order.avsc', order)
    expect((await run(['register', 'order', orderFile])).ended).toContain('(42201)')
    const reference = ['--reference', 'Item=item:1']
    expect((await run(['register', 'order', orderFile, ...reference])).printed).toBe('order version 1, id 2\n')
    // What is registered again is what it was.
    expect(JSON.parse((await run(['register', 'order', orderFile, ...reference, '--json'])).printed)).toEqual({
      subject: 'order',
      version: 1,
      id: 2,
    })
    expect((await run(['list'])).printed).toBe('item\norder\n')
    expect((await run(['list', 'or', '--json'])).printed).toBe('["order"]\n')
    expect((await run(['get', 'order'])).printed).toBe(`${order}\n`)
    expect(JSON.parse((await run(['get', 'order', '1', '--json'])).printed)).toMatchObject({
      version: 1,
      references: [{ name: 'Item', subject: 'item', version: 1 }],
    })
    expect((await run(['get', 'order', '7'])).ended).toBe('Version 7 not found. (40402)')
  })

  it('takes the type from the ending of the file, or as it is told', async () => {
    const proto = file('a.proto', 'syntax = "proto3"; message A { int32 x = 1; }')
    expect((await run(['register', 'proto', proto])).ended).toBe(true)
    expect((await run(['register', 'json', file('a.json', '{"type":"string"}')])).ended).toBe(true)
    const plain = file('plain', '{"type":"string"}')
    expect((await run(['register', 'plain', plain])).ended).toContain('give --type avro')
    expect((await run(['register', 'plain', plain, '--type', 'json'])).ended).toBe(true)
    const types = await Promise.all(['proto', 'json', 'plain'].map((subject) => run(['get', subject, '--json'])))
    expect(types.map(({ printed }) => (JSON.parse(printed) as { schemaType: string }).schemaType)).toEqual([
      'PROTOBUF',
      'JSON',
      'JSON',
    ])
  })

  it('checks without registering, and says what breaks', async () => {
    const good = file('good.avsc', avroRecord({ n: 'int', m: { type: 'int', default: 0 } }, 'Item'))
    const bad = file('bad.avsc', avroRecord({ n: 'int', m: 'int' }, 'Item'))
    expect(await run(['check', 'item', good])).toEqual({ ended: true, printed: 'item: compatible\n' })
    const failed = await run(['check', 'item', bad])
    expect(failed.ended).toBe(false)
    expect(failed.printed).toMatch(/^item: not compatible\n {2}\{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE'/)
    expect(failed.printed).not.toContain('{oldSchema:')
    const { printed, ended } = await run(['check', 'item', bad, '--json', '--all-versions'])
    expect(ended).toBe(false)
    expect(JSON.parse(printed)).toMatchObject({ subject: 'item', isCompatible: false, messages: expect.any(Array) })
    // What is no schema is not compatible either; a subject that is not there takes anything.
    expect((await run(['check', 'item', file('broken.avsc', '{')])).ended).toBe(false)
    expect(await run(['check', 'new', good])).toEqual({
      ended: true,
      printed: 'new: compatible: the subject has no versions yet\n',
    })
    expect((await run(['get', 'item', 'latest'])).printed).toBe(`${item}\n`)
    const refused = (await run(['register', 'item', bad])).ended
    expect(refused).toMatch(
      /^Schema being registered is incompatible with an earlier schema for subject "item" \(409\)\n {2}\{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE'/,
    )
    expect(refused).not.toContain('{oldSchema:')
  })

  it('needs its password, in a flag or in the URL', async () => {
    expect((await run(['list'], [])).ended).toBe('Unauthorized (401)')
    expect((await run(['list'], ['--user', 'ann:wrong'])).ended).toBe('Unauthorized (401)')
    expect((await run(['list'], ['--token', 'x'])).ended).toBe('Unauthorized (401)')
    const url = rest.url.replace('http://', 'http://ann:s%3Acret@')
    let printed = ''
    const print = (text: string) => void (printed += text)
    await schemasCommand(['list', '--registry-url', `${url}/`], { environment: {}, print })
    expect(printed).toContain('item\n')
  })

  test.each([
    [['fetch'], 'There is no "ottla schemas fetch"'],
    [['get'], 'Specify the subject'],
    [['check', 'item'], 'Specify the file'],
    [['check', 'item', '/no/such/file.avsc'], 'The schema cannot be read'],
    [['register', 'item', 'x.avsc', '--reference', 'Item'], 'NAME=SUBJECT:VERSION'],
    [['list', '--unknown'], '--unknown'],
  ])('%j is refused', async (words, why) => {
    file('x.avsc', item)
    const at = words.map((word) => (word === 'x.avsc' ? join(folder, word) : word))
    expect(await run(at)).toEqual({ ended: expect.stringContaining(why), printed: '' })
  })

  it('says that the registry cannot be reached, and that it is none', async () => {
    const ask = (url: string) =>
      schemasCommand(['list', '--registry-url', url], { environment: {}, print: () => {} }).catch(
        (error: Error) => error.message,
      )
    expect(await ask('http://127.0.0.1:1')).toContain('cannot be reached')
    for (const url of ['nowhere', 'localhost:8081'])
      expect(await ask(url)).toContain('it needs the form http://HOST:PORT')
  })

  it('helps', async () => {
    for (const words of [[], ['--help'], ['check', '--help']]) {
      const { ended, printed } = await run(words)
      expect(ended).toBe(true)
      expect(printed).toContain('ottla schemas check SUBJECT FILE      exit code 1 when it is not compatible')
      for (const flag of ['--registry-url', '--user', '--token', '--reference', '--all-versions', '--json'])
        expect(printed).toContain(flag)
    }
  })
})
