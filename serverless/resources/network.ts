import type { Cluster } from '../../config/cluster.ts'
import { endpointService, type Resources, ref } from '../cloudformation.ts'
import type { LambdaFunction } from '../functions.ts'
import { functionNeeds } from '../needs.ts'
import { machinesOf } from '../state-machine/availability.ts'

const securityGroup = 'EndpointSecurityGroup'
const endpointIds = { secretsmanager: 'SecretsManager', sns: 'Sns', states: 'States' } as const

/**
 * How functions in the network of the database nodes reach Amazon's services without a way to the internet: S3 through the
 * route tables (free of charge), the others through an address in the subnets. Only where the definition asks for them.
 */
export function network(cluster: Cluster, functions: readonly LambdaFunction[]): Resources {
  const { vpc } = cluster.runtime.lambda
  if (vpc?.endpoints === undefined) return {}
  const { network: VpcId, routeTables } = vpc.endpoints
  const inside = functions.filter((lambda) => lambda.network).map((lambda) => functionNeeds(cluster, lambda))
  const services: (keyof typeof endpointIds)[] = [
    ...(inside.some(({ secrets }) => secrets.length > 0) ? (['secretsmanager'] as const) : []),
    ...(inside.some(({ channels }) => channels.some(({ type }) => type === 'sns')) ? (['sns'] as const) : []),
    ...(inside.length > 0 && machinesOf(cluster).length > 0 ? (['states'] as const) : []),
  ]
  const interfaces = services.map((service) => [
    `${endpointIds[service]}Endpoint`,
    {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: {
        ...{ VpcEndpointType: 'Interface', VpcId, ServiceName: endpointService(service), PrivateDnsEnabled: true },
        ...{ SubnetIds: vpc.subnets, SecurityGroupIds: [ref(securityGroup)] },
      },
    },
  ])
  return {
    S3Endpoint: {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: { VpcEndpointType: 'Gateway', VpcId, ServiceName: endpointService('s3'), RouteTableIds: routeTables },
    },
    ...(services.length === 0 ? {} : { [securityGroup]: endpointGroup(cluster, VpcId, vpc.securityGroups) }),
    ...Object.fromEntries(interfaces),
  }
}

function endpointGroup({ name }: Cluster, VpcId: string, callers: readonly string[]): Resources[string] {
  return {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: `Ballast ${name}: functions to services of Amazon`,
      VpcId,
      SecurityGroupIngress: callers.map((SourceSecurityGroupId) => ({
        ...{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourceSecurityGroupId, Description: 'HTTPS of the functions' },
      })),
      // An endpoint answers and never asks.
      SecurityGroupEgress: [{ IpProtocol: 'icmp', FromPort: -1, ToPort: -1, CidrIp: '127.0.0.1/32', Description: 'Nothing' }],
    },
  }
}
