import type { MachineEnd } from '../booted-systemd.ts'
import type { DatabaseNode } from '../database-node.ts'
import type { Places } from './runbook.ts'

/** As root on a node: in root's home, as after `sudo -i`, and in a session of its own: passwords are asked for on a terminal where there is one. */
export function onNode(node: DatabaseNode, script: string, input: string): Promise<MachineEnd> {
  return node.run('setsid', ['--wait', 'bash', '-c', `PATH=/usr/local/sbin:/usr/local/bin:$PATH; cd ~\n${script}`], input)
}

/** Where a runbook finds nothing but one node. */
export function nodePlace(node: DatabaseNode): Places {
  return {
    onMachine: () => Promise.reject(new Error('there is no operator here')),
    onNode: (_, script, input) => onNode(node, script, input),
  }
}
