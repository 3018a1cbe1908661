import type { Workspace } from '../../storage'

const kind = 'certificate'
const dayMs = 86_400_000
/** A certificate that ends within this time is replaced by a new one. */
const renewDays = 30

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  readonly endsAt: number
  /** Of the server's: the names and addresses that it holds for, sorted. */
  readonly names?: readonly string[]
}

/** What the workspace holds and what does not end soon. */
export function kept(workspace: Workspace, name: 'authority' | 'server', now: number): Certificate | undefined {
  const text = workspace.documents.get(kind, name)
  const certificate = text === undefined ? undefined : (JSON.parse(text) as Certificate)
  return certificate && certificate.endsAt - now > renewDays * dayMs ? certificate : undefined
}

/** Resolves when it is stored. @throws StorageFailure */
export async function keep(
  workspace: Workspace,
  name: 'authority' | 'server',
  certificate: Certificate,
): Promise<Certificate> {
  workspace.write(() => workspace.documents.set(kind, name, JSON.stringify(certificate)))
  await workspace.committed()
  return certificate
}
