import type { Core } from '../../broker/core'
import type { WorkspaceSource } from '../source/workspace'

export function embeddedWorkspace({ workspace, cluster, writeFailures }: Core): WorkspaceSource {
  return {
    clusterId: cluster.clusterId,
    label: null,
    writeFailure: () => writeFailures.current,
    writeFailureChanged: writeFailures.changed,
    file: workspace.isTemporary ? null : workspace.file,
    fileBytes: async () => workspace.fileBytes(),
    freeBytes: async () => workspace.freeBytes(),
    shrink: () => workspace.shrink(),
    shrinksInSteps: () => workspace.shrinksInSteps,
    saveCopy: (path) => workspace.saveCopy(path),
  }
}
