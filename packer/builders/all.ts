import { amazonEbs } from './amazon-ebs.ts'
import { azureArm } from './azure-arm.ts'
import type { Builder } from './builder.ts'
import { digitalocean } from './digitalocean.ts'
import { googlecompute } from './googlecompute.ts'
import { hcloud } from './hcloud.ts'
import { qemu } from './qemu.ts'

/** Every builder there is. Each role has a template for each of them. */
export const BUILDERS: readonly Builder[] = [qemu, amazonEbs, googlecompute, azureArm, digitalocean, hcloud]
