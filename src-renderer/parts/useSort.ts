import { useMemo, useState } from 'react'
import { useQueryField } from '../stores/query-field'
import type { Sort } from './TableHead'

/** `lag`; from the largest: `-lag`. */
function sortText({ id, descending }: Sort): string {
  return `${descending ? '-' : ''}${id}`
}

function readSort(text: string): Sort {
  return { id: text.replace(/^-/, ''), descending: text.startsWith('-') }
}

/** The order of a table. @param isInAddress a reload, the back button and a copied link have the same order */
export function useSort(isInAddress: boolean, initial: Sort | null): readonly [Sort | null, (sort: Sort) => void] {
  const [text, setText] = useQueryField('sort')
  const [own, setOwn] = useState(initial)
  const given = useMemo(() => (text === '' ? null : readSort(text)), [text])
  return isInAddress ? [given ?? initial, (sort) => setText(sortText(sort))] : [own, setOwn]
}
