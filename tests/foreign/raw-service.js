// gRPC methods of all four kinds whose messages are plain bytes: no .proto is needed.

const raw = (bytes) => bytes;

function method(path, requestStream, responseStream) {
  return {
    path,
    requestStream,
    responseStream,
    requestSerialize: raw,
    requestDeserialize: raw,
    responseSerialize: raw,
    responseDeserialize: raw,
  };
}

export const service = {
  unary: method('/test.Foreign/Unary', false, false),
  fail: method('/test.Foreign/Fail', false, false),
  hang: method('/test.Foreign/Hang', false, false),
  serverStream: method('/test.Foreign/ServerStream', false, true),
  clientStream: method('/test.Foreign/ClientStream', true, false),
  duplex: method('/test.Foreign/Duplex', true, true),
};

// The same kinds under names of the V2 API, for clients that call nothing else.
export const upstreamService = {
  unary: method('/clarifai.api.V2/PostModelOutputs', false, false),
  fail: method('/clarifai.api.V2/GetModel', false, false),
  hang: method('/clarifai.api.V2/GetInput', false, false),
  serverStream: method('/clarifai.api.V2/GenerateModelOutputs', false, true),
  duplex: method('/clarifai.api.V2/StreamModelOutputs', true, true),
};
