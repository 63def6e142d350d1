// A gateway as the documentation of grpc-gateway has it, with the API's JSON: proto names, enums as numbers.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"clarifai/api"

	"github.com/grpc-ecosystem/grpc-gateway/runtime"
	"google.golang.org/grpc"
)

const maxMessageBytes = 128 << 20

func main() {
	listen, upstream := os.Args[1], os.Args[2]
	connection, err := grpc.Dial(upstream, grpc.WithInsecure(), grpc.WithDefaultCallOptions(
		grpc.MaxCallRecvMsgSize(maxMessageBytes), grpc.MaxCallSendMsgSize(maxMessageBytes)))
	if err != nil {
		log.Fatal(err)
	}

	mux := runtime.NewServeMux(runtime.WithMarshalerOption(runtime.MIMEWildcard, &runtime.JSONPb{OrigName: true, EnumsAsInts: true}))
	if err := api.RegisterV2HandlerClient(context.Background(), mux, api.NewV2Client(connection)); err != nil {
		log.Fatal(err)
	}

	log.Fatal(http.ListenAndServe(listen, mux))
}
