import { type ErrorName, errorCode } from '../../protocol/errors'
import { credentialOf, fewestIterations, mostIterations } from '../../security/scram'
import { allowsOnCluster } from '../authorization'
import { type Answer, handler } from '../handler'
import { storageFailure, unauthorized } from '../kafka-failure'
import { scramHashes } from '../security/users'

/** DescribeUserScramCredentials 0 (KIP-554). */
export const describeUserScramCredentials = handler({
  api: 'DescribeUserScramCredentials',
  versions: [0, 0],
  handle(request, { core, client }): Answer<'DescribeUserScramCredentials'> {
    if (!allowsOnCluster({ core, client }, 'DESCRIBE')) {
      return { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'), errorMessage: null, results: [] }
    }
    const asked = request.users?.length ? request.users.map(({ name }) => name) : core.users.names()
    const results = [...new Set(asked)].map((user) => {
      if (asked.indexOf(user) !== asked.lastIndexOf(user)) {
        const text = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`
        return { user, errorCode: errorCode('DUPLICATE_RESOURCE'), errorMessage: text, credentialInfos: [] }
      }
      const credentialInfos = Object.entries(scramHashes).flatMap(([mechanism, hash]) => {
        const credential = core.users.find(user, hash)
        return credential ? [{ mechanism: Number(mechanism), iterations: credential.iterations }] : []
      })
      const known = credentialInfos.length > 0
      return {
        user,
        errorCode: errorCode(known ? 'NONE' : 'RESOURCE_NOT_FOUND'),
        errorMessage: known ? null : `Attempt to describe a user credential that does not exist: ${user}`,
        credentialInfos,
      }
    })
    return { errorCode: 0, errorMessage: '', results }
  },
})

/** AlterUserScramCredentials 0 (ScramControlManager): all changes of a user, or none. */
export const alterUserScramCredentials = handler({
  api: 'AlterUserScramCredentials',
  versions: [0, 0],
  handle({ deletions, upsertions }, { core, client }): Answer<'AlterUserScramCredentials'> {
    const users = usersOf(upsertions, deletions)
    const mayAlter = allowsOnCluster({ core, client }, 'ALTER')
    const results = users.map((user) => {
      const added = upsertions.filter(({ name }) => name === user)
      const removed = deletions.filter(({ name }) => name === user)
      const [error, text] = ((): readonly [ErrorName, string | null] => {
        if (!mayAlter) return ['CLUSTER_AUTHORIZATION_FAILED', unauthorized('CLUSTER_AUTHORIZATION_FAILED').message]
        if (user === '') return ['UNACCEPTABLE_CREDENTIAL', 'Username must not be empty']
        const touched = [...added, ...removed].map(({ mechanism }) => mechanism)
        if (new Set(touched).size < touched.length) {
          return ['DUPLICATE_RESOURCE', 'A user credential cannot be altered twice in the same request']
        }
        if (touched.some((mechanism) => !scramHashes[mechanism]))
          return ['UNSUPPORTED_SASL_MECHANISM', 'Unknown SCRAM mechanism']
        if (added.some(({ iterations }) => iterations < fewestIterations))
          return ['UNACCEPTABLE_CREDENTIAL', 'Too few iterations']
        if (added.some(({ iterations }) => iterations > mostIterations))
          return ['UNACCEPTABLE_CREDENTIAL', 'Too many iterations']
        const absent = removed.some(({ mechanism }) => !core.users.find(user, scramHashes[mechanism] ?? 'sha256'))
        return absent
          ? ['RESOURCE_NOT_FOUND', 'Attempt to delete a user credential that does not exist']
          : ['NONE', null]
      })()
      if (error === 'NONE') {
        for (const { mechanism } of removed) core.users.set(user, scramHashes[mechanism] ?? 'sha256', null)
        for (const { mechanism, salt, iterations, saltedPassword } of added) {
          const hash = scramHashes[mechanism] ?? 'sha256'
          core.users.set(user, hash, credentialOf(hash, salt, iterations, saltedPassword))
        }
      }
      return { user, errorCode: errorCode(error), errorMessage: text }
    })
    return { results }
  },
  storageFailed: ({ deletions, upsertions }) => ({
    results: usersOf(upsertions, deletions).map((user) => ({
      user,
      errorCode: errorCode(storageFailure.error),
      errorMessage: storageFailure.message,
    })),
  }),
})

function usersOf(...changes: readonly (readonly { readonly name: string }[])[]): string[] {
  return [...new Set(changes.flat().map(({ name }) => name))]
}
