package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"regexp"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// crictl prints the ids of running containers, as `crictl ps --quiet [--name REGEXP]` does, over the same socket.
func crictl(endpoint string, words []string, out io.Writer) error {
	if len(words) == 0 || words[0] != "ps" {
		return fmt.Errorf("crictl %v: only ps is here", words)
	}
	flags := flag.NewFlagSet("ps", flag.ContinueOnError)
	quiet := flags.Bool("quiet", false, "")
	name := flags.String("name", "", "")
	if err := flags.Parse(words[1:]); err != nil {
		return err
	}
	if !*quiet {
		return fmt.Errorf("crictl ps: only --quiet is here")
	}
	wanted, err := regexp.Compile(*name)
	if err != nil {
		return err
	}
	connection, err := grpc.NewClient(endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	running := &cri.ContainerFilter{State: &cri.ContainerStateValue{State: cri.ContainerState_CONTAINER_RUNNING}}
	listed, err := cri.NewRuntimeServiceClient(connection).ListContainers(ctx, &cri.ListContainersRequest{Filter: running})
	if err != nil {
		return err
	}
	for _, one := range listed.Containers {
		if wanted.MatchString(one.Metadata.Name) {
			fmt.Fprintln(out, one.Id)
		}
	}
	return nil
}
