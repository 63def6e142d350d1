import { createRequire } from 'node:module';
import grpc from '@grpc/grpc-js';

const require = createRequire(import.meta.url);
const { service } = require('grpc-health-check');
const { Client: Reflection } = require('grpc-reflection-js');

const [address, name, argument] = process.argv.slice(2);
const insecure = grpc.credentials.createInsecure();

function check() {
  const Health = grpc.makeGenericClientConstructor(service, 'Health');
  return new Promise((resolve) => {
    new Health(address, insecure).check({ service: argument }, (error, answer) => resolve(error ? { grpc: error.code } : answer));
  });
}

const cases = {
  check,
  services: () => new Reflection(address, insecure).listServices(),

  // The methods of a service, by nothing but what the server says of itself.
  async methods() {
    const root = await new Reflection(address, insecure).fileContainingSymbol(argument);
    return Object.values(root.lookupService(argument).methods).map((method) => ({
      name: method.name, request: method.resolve().resolvedRequestType.fullName, streams: [!!method.requestStream, !!method.responseStream],
    }));
  },
};

console.log(JSON.stringify(await cases[name]()));
process.exit(0);
