import type { JsonObject } from '../json.ts'
import { byFamily, type FamilyRule, firewallName, purpose, type RenderFirewall } from './target.ts'

const FIRST_PRIORITY = 100
const LAST_PRIORITY = 4096

/**
 * A template of the Resource Manager with one network security group. Its last rule refuses the rest: by default Azure lets
 * everything in that comes from the same network.
 */
export const azure: RenderFirewall = (cluster, { name, rules }) => ({
  $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
  contentVersion: '1.0.0.0',
  metadata: { description: `What machines of cluster ${cluster.name} in the role ${name} accept.` },
  resources: [
    {
      type: 'Microsoft.Network/networkSecurityGroups',
      apiVersion: '2024-05-01',
      name: firewallName(cluster, name),
      location: '[resourceGroup().location]',
      properties: { securityRules: [...byFamily(cluster, rules).map(accept), refuseTheRest] },
    },
  ],
})

function accept({ rule, family, networks }: FamilyRule, index: number): JsonObject {
  return {
    name: `${rule.service}-${rule.from}-${family}`,
    properties: {
      description: purpose(rule),
      priority: FIRST_PRIORITY + index,
      direction: 'Inbound',
      access: 'Allow',
      protocol: 'Tcp',
      sourceAddressPrefixes: networks,
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
      destinationPortRanges: rule.ports.map(String),
    },
  }
}

const refuseTheRest: JsonObject = {
  name: 'refuse-the-rest',
  properties: {
    description: 'everything else',
    priority: LAST_PRIORITY,
    direction: 'Inbound',
    access: 'Deny',
    protocol: '*',
    sourceAddressPrefix: '*',
    sourcePortRange: '*',
    destinationAddressPrefix: '*',
    destinationPortRange: '*',
  },
}
