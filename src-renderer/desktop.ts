import type { DesktopActions } from '../src-main/contract/shell'

/** Actions of the desktop shell; undefined in a browser. */
export const { desktop } = window as { readonly desktop?: DesktopActions }
