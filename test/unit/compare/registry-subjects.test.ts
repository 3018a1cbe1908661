import { expect, it } from 'vitest'
import { RegistryCallError } from '../../../src-main/client/registry-client'
import { registrySubjects } from '../../../src-main/compare/registry-subjects'

const schemas = Array.from({ length: 2500 }, (_, i) => ({
  subject: `s${i % 1250}`,
  version: i < 1250 ? 1 : 2,
  id: i + 1,
  schema: `"${i}"`,
}))

function registry(answer: (path: string) => unknown) {
  const asked: string[] = []
  return {
    asked,
    async get(path: string) {
      asked.push(path)
      const found = answer(path)
      if (found === undefined) throw new RegistryCallError('HTTP 404 Not Found (404)', 404)
      return found
    },
  }
}

function paged(path: string): unknown {
  const { searchParams } = new URL(path, 'http://registry')
  const from = Number(searchParams.get('offset'))
  return schemas.slice(from, from + Number(searchParams.get('limit')))
}

it('reads all schemas page by page', async () => {
  const asked = registry(paged)
  const found = await registrySubjects(asked)
  expect(found.size).toBe(1250)
  expect([...(found.get('s7')?.versions ?? [])]).toEqual([
    [1, { id: 8, schemaType: 'AVRO', schema: '"7"' }],
    [2, { id: 1258, schemaType: 'AVRO', schema: '"1257"' }],
  ])
  expect(asked.asked).toHaveLength(3)
})

it('asks a registry that knows no pages twice at most', async () => {
  const asked = registry(() => schemas)
  expect((await registrySubjects(asked)).size).toBe(1250)
  expect(asked.asked).toHaveLength(2)
})

it('asks for each version where a registry does not list all schemas', async () => {
  const asked = registry((path) => {
    if (path.startsWith('/schemas')) return undefined
    if (path === '/subjects') return ['a b', 'c']
    if (path.endsWith('/versions')) return path.includes('a%20b') ? [1, 3] : [2]
    return { subject: 'x', version: 1, id: 5, schemaType: 'JSON', schema: '{}' }
  })
  const found = await registrySubjects(asked)
  expect([...found].map(([name, { versions }]) => [name, [...versions.keys()]])).toEqual([
    ['a b', [1, 3]],
    ['c', [2]],
  ])
  expect(found.get('c')?.versions.get(2)).toEqual({ id: 5, schemaType: 'JSON', schema: '{}' })
})

it('passes on why a registry refuses', async () => {
  const refuses = { get: () => Promise.reject(new RegistryCallError('The registry refuses the credentials.', 401)) }
  await expect(registrySubjects(refuses)).rejects.toThrow('refuses the credentials')
})
