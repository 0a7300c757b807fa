import { expect, test } from 'vitest'
import { type GuestPlan, guestArgs } from '../../../../functions/platform/qemu/guest-args.ts'

const plan: GuestPlan = {
  name: 'db-1',
  hardware: { cpus: 2, memoryMib: 1024, accelerator: 'tcg' },
  disks: [
    { path: '/tmp/a,b/disk.qcow2', format: 'qcow2' },
    { path: '/tmp/seed.iso', format: 'raw', readonly: true },
  ],
  network: { tap: 'tap1', mac: '52:54:00:77:00:01' },
  serialLog: '/tmp/console',
}

/** What follows an option, each time that it is given. */
const values = (args: readonly string[], option: string) => args.filter((_, index) => args[index - 1] === option)

test('the accelerator is always named', () => {
  expect(values(guestArgs(plan), '-accel')).toEqual(['tcg,thread=multi'])
  const kvm = guestArgs({ ...plan, hardware: { ...plan.hardware, accelerator: 'kvm' } })
  expect(values(kvm, '-accel')).toEqual(['kvm'])
  expect(values(kvm, '-cpu')).toEqual(['host'])
})

test('disks are virtio, in their order, and a comma in a path is no end of an option', () => {
  expect(values(guestArgs(plan), '-drive')).toEqual([
    'if=virtio,format=qcow2,cache=unsafe,discard=unmap,file=/tmp/a,,b/disk.qcow2',
    'if=virtio,format=raw,cache=unsafe,discard=unmap,file=/tmp/seed.iso,readonly=on',
  ])
})

test('without a network there is no interface, rather than one that QEMU makes up', () => {
  const { network: _, ...alone } = plan
  expect(values(guestArgs(alone), '-nic')).toEqual(['none'])
  expect(values(guestArgs(plan), '-netdev')).toEqual(['tap,id=net0,ifname=tap1,script=no,downscript=no'])
})
