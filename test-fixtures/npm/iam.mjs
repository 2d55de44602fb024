// Reads {cases: [{policies, requests: [{action, resource, context}]}]} and prints, per case and request, for each policy
// whether it alone allows the request to a role that has it.
import { text } from 'node:stream/consumers'
import { runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

const account = '123456789012'

function allows(policy, request) {
  const result = runUnsafeSimulation(
    {
      request: {
        principal: `arn:aws:sts::${account}:assumed-role/agents/agent`,
        action: request.action,
        resource: { resource: request.resource, accountId: account },
        contextVariables: request.context,
      },
      identityPolicies: [{ name: 'alone', policy }],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  const verdict = typeof result === 'string' ? result : result.result
  if (!['Allowed', 'ImplicitlyDenied', 'ExplicitlyDenied'].includes(verdict)) {
    throw new Error(`unknown verdict ${JSON.stringify(result).slice(0, 300)}`)
  }
  return verdict === 'Allowed'
}

const { cases } = JSON.parse(await text(process.stdin))
const verdicts = cases.map((one) => one.requests.map((request) => one.policies.map((policy) => allows(policy, request))))
process.stdout.write(JSON.stringify(verdicts))
