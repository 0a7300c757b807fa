import { expect, test } from 'vitest'
import { bakeEvent, stepClock } from '../../../../functions/images/bake/bake-steps.ts'

test.each([
  ['==> qemu.primary: Starting VM, booting disk image', { type: 'begins', name: 'boot' }],
  ['==> qemu.primary: Connected to SSH!', { type: 'begins', name: 'upload' }],
  ['    qemu.primary: ballast: set-postgres 12s', { type: 'took', step: { name: 'set-postgres', seconds: 12 } }],
  ['==> qemu.primary: Gracefully halting virtual machine...', { type: 'begins', name: 'shut down' }],
  ['    qemu.primary: ballast: the file is missing', undefined],
  ['    qemu.primary: Setting up libc6 (2.41-12) ...', undefined],
])('%j', (line, expected) => {
  expect(bakeEvent(line)).toEqual(expected)
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
