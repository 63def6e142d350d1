// gRPC methods of three kinds under names of the V2 API, whose messages are plain bytes: no .proto is needed.

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
  unary: method('/clarifai.api.V2/PostModelOutputs', false, false),
  fail: method('/clarifai.api.V2/GetModel', false, false),
  hang: method('/clarifai.api.V2/GetInput', false, false),
  serverStream: method('/clarifai.api.V2/GenerateModelOutputs', false, true),
  duplex: method('/clarifai.api.V2/StreamModelOutputs', true, true),
};
