import { confirmDrills } from '../../../cli/rehearse/confirm.ts'
import { runCommand } from '../../../cli/run/run-command.ts'
import { failover } from '../../../handover/drills/failover.ts'
import { drilledCluster } from '../drilled-cluster.ts'

/** Asks as `ballast rehearse` does before it breaks machines, and says what it was told. */
await runCommand('rehearse', {}, async ({ signal }) => {
  await confirmDrills({ on: 'cluster', definition: drilledCluster() }, [{ drill: failover }], false, signal)
  return { outcome: { operation: 'rehearse', subject: 'shop', ok: true, numbers: {} }, text: 'agreed\n' }
})
