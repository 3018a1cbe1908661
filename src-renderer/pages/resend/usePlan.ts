import { useEffect, useState } from 'react'
import type { Contract } from '../../../src-main/contract/contract'
import type { InputOf } from '../../../src-main/contract/define'
import type { ResendCounts } from '../../../src-main/contract/resend'
import { useHost } from '../../host'

export type PlanInput = InputOf<Contract['resend.plan']>

interface Plan {
  readonly counts: ResendCounts | null
  readonly problem: string | null
}

const none: Plan = { counts: null, problem: null }

/** The dry run of these rules, counted again whenever they change; `null` counts nothing. */
export function usePlan(input: PlanInput | null): Plan {
  const client = useHost((host) => host.client)
  const [plan, setPlan] = useState<Plan>(none)
  const key = input === null ? null : JSON.stringify(input)
  useEffect(() => {
    setPlan(none)
    if (!client || key === null) return
    return client.feed('resend.plan', JSON.parse(key) as PlanInput, {
      items: (items) => setPlan({ counts: items.at(-1) ?? null, problem: null }),
      failed: (problem) => setPlan({ counts: null, problem }),
    })
  }, [client, key])
  return plan
}
