import { expect, test } from 'vitest'
import { bakeReader, stepClock } from '../../../../functions/images/bake/bake-steps.ts'

test('the turns of a build are told from its output, and what its scripts measured themselves', () => {
  const read = bakeReader()
  const lines = [
    '==> qemu.primary: Starting VM, booting disk image',
    '==> qemu.primary: Waiting for SSH to become available...',
    '==> qemu.primary: Connected to SSH!',
    '==> qemu.primary: Provisioning with shell script: /tmp/packer-shell123',
    '==> qemu.primary: Uploading /project/image-scripts => /tmp/ballast',
    '==> qemu.primary: Uploading /project/root => /tmp/ballast',
    '==> qemu.primary: Provisioning with shell script: /tmp/packer-shell456',
    '    qemu.primary: ballast: set-postgres 12s',
    '    qemu.primary: ballast: the file is missing',
    '==> qemu.primary: Gracefully halting virtual machine...',
  ]
  expect(lines.map(read).filter(Boolean)).toEqual([
    { type: 'begins', name: 'boot' },
    { type: 'begins', name: 'wait for cloud-init' },
    { type: 'begins', name: 'upload' },
    { type: 'begins', name: 'configure' },
    { type: 'took', step: { name: 'set-postgres', seconds: 12 } },
    { type: 'begins', name: 'shut down' },
  ])
})

test('the clock measures one step after another, and keeps what the machine measured itself', () => {
  let nowMs = 0
  const said: string[] = []
  const clock = stepClock(
    (line) => said.push(line),
    () => nowMs,
  )
  clock.begin('boot')
  nowMs = 57_040
  clock.begin('configure')
  clock.add({ name: 'set-postgres', seconds: 12 })
  nowMs = 80_000
  expect(clock.finish()).toEqual([
    { name: 'boot', seconds: 57 },
    { name: 'configure: set-postgres', seconds: 12 },
    { name: 'configure', seconds: 23 },
  ])
  expect(said).toEqual(['boot', 'configure', 'set-postgres: 12 s'])
})
