import { networksOf } from '../firewall-rules.ts'
import type { JsonObject } from '../json.ts'
import { firewallName, purpose, type RenderFirewall } from './target.ts'

/** A CloudFormation template with one security group, whose id is its output. Outgoing traffic is free. */
export const amazon: RenderFirewall = (cluster, { name, rules }) => ({
  AWSTemplateFormatVersion: '2010-09-09',
  Description: `What machines of cluster ${cluster.name} in the role ${name} accept.`,
  Parameters: { Network: { Type: 'AWS::EC2::VPC::Id', Description: 'The network that the machines are in.' } },
  Resources: {
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupName: firewallName(cluster, name),
        GroupDescription: `Ballast: ${cluster.name} ${name}`,
        VpcId: { Ref: 'Network' },
        SecurityGroupIngress: rules.flatMap((rule) =>
          networksOf(rule.from, cluster).flatMap(({ text, family }) =>
            rule.ports.map((port) => ingress(port, family === 'ipv4' ? { CidrIp: text } : { CidrIpv6: text }, purpose(rule))),
          ),
        ),
        Tags: [{ Key: 'Name', Value: firewallName(cluster, name) }],
      },
    },
  },
  Outputs: { Group: { Value: { 'Fn::GetAtt': ['Group', 'GroupId'] } } },
})

function ingress(port: number, from: JsonObject, description: string): JsonObject {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, ...from, Description: description }
}
