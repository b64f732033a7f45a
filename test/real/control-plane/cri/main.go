// A container runtime for real kubelets: sandboxes, containers and images are kept in memory by
// Kubernetes' own fake, and no container runs anything, unless it is told where to write logs: then those of
// all images but its own one do. What reaches a kubelet's clients is real: a container's log is a file that
// the kubelet reads, and `exec` runs the command, here, over CRI's own streaming server.
//
//	cri [-logs DIRECTORY -node NAME] unix:///run/w1/cri.sock [IMAGE ...]
//	cri unix:///run/w1/cri.sock crictl ps --quiet --name REGEXP
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-client/pkg/fake"
	"k8s.io/cri-client/pkg/util"
	"k8s.io/cri-streaming/pkg/streaming"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	utilexec "k8s.io/utils/exec"
)

// The one image that is always there: a pod that names another which is not would need a registry.
const image = "test.invalid/still:1"

func main() {
	logs := flag.String("logs", "", "containers run, and write their logs here")
	node := flag.String("node", "", "name of the node, for those")
	flag.Parse()
	if flag.NArg() == 0 {
		log.Fatal("usage: cri ENDPOINT [IMAGE ...]")
	}
	endpoint, rest := flag.Arg(0), flag.Args()[1:]
	if len(rest) > 0 && rest[0] == "crictl" {
		if err := crictl(endpoint, rest[1:], os.Stdout); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := serve(endpoint, rest, newContainers(*logs, *node)); err != nil {
		log.Fatal(err)
	}
}

func serve(endpoint string, images []string, containers *containers) error {
	streams, err := streamingServer()
	if err != nil {
		return err
	}
	faked := fake.NewFakeRemoteRuntime()
	faked.ImageService.SetFakeImageSize(1) // of the images that follow; without a size the kubelet refuses them
	faked.ImageService.SetFakeImages(append(images, image))
	faked.RuntimeService.FakeStatus = &cri.RuntimeStatus{Conditions: []*cri.RuntimeCondition{
		{Type: cri.RuntimeReady, Status: true},
		{Type: cri.NetworkReady, Status: true},
	}}
	both := &runtime{RemoteRuntime: faked, streams: streams, containers: containers}
	server := grpc.NewServer()
	cri.RegisterRuntimeServiceServer(server, both)
	cri.RegisterImageServiceServer(server, both)
	listener, err := util.CreateListener(endpoint)
	if err != nil {
		return err
	}
	return server.Serve(listener)
}

func streamingServer() (streaming.Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // a free port of the node; the kubelet is told which
	if err != nil {
		return nil, err
	}
	config := streaming.DefaultConfig
	config.Addr = listener.Addr().String()
	server, err := streaming.NewServer(config, processes{})
	if err != nil {
		return nil, err
	}
	if err := listener.Close(); err != nil {
		return nil, err
	}
	go func() { log.Fatal(server.Start(true)) }()
	return server, nil
}

type runtime struct {
	*fake.RemoteRuntime
	streams    streaming.Server
	containers *containers
	created    atomic.Uint32
}

// CreateContainer makes the log, which the kubelet finds by the status's LogPath. The fake's ids are made of the
// name and the attempt: of a pod that comes again they would be the same again, which no runtime's are.
func (r *runtime) CreateContainer(ctx context.Context, request *cri.CreateContainerRequest) (*cri.CreateContainerResponse, error) {
	named := proto.Clone(request).(*cri.CreateContainerRequest)
	named.Config.Metadata.Attempt = 1_000 + r.created.Add(1)
	created, err := r.RemoteRuntime.CreateContainer(ctx, named)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(request.SandboxConfig.LogDirectory, request.Config.LogPath)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	// The form of CRI logs: pkg/kubelet/kuberuntime/logs/logs.go.
	line := fmt.Sprintf("%s stdout F this is %s\n", time.Now().Format(time.RFC3339Nano), request.Config.Metadata.Name)
	if err := os.WriteFile(path, []byte(line), 0o644); err != nil {
		return nil, err
	}
	r.containers.know(created.ContainerId, request.Config)
	r.RuntimeService.Lock()
	defer r.RuntimeService.Unlock()
	r.RuntimeService.Containers[created.ContainerId].Metadata = request.Config.Metadata
	r.RuntimeService.Containers[created.ContainerId].LogPath = path
	return created, nil
}

func (r *runtime) Exec(_ context.Context, request *cri.ExecRequest) (*cri.ExecResponse, error) {
	return r.streams.GetExec(request)
}

type processes struct{}

func (processes) Exec(ctx context.Context, container string, command []string, in io.Reader, out, errors_ io.WriteCloser, _ bool, _ <-chan remotecommand.TerminalSize) error {
	run := exec.CommandContext(ctx, command[0], command[1:]...)
	run.Env = append(os.Environ(), "CONTAINER="+container)
	run.Stdin, run.Stdout, run.Stderr = in, out, errors_
	err := run.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return utilexec.CodeExitError{Err: err, Code: exit.ExitCode()}
	}
	return err
}

func (processes) Attach(context.Context, string, io.Reader, io.WriteCloser, io.WriteCloser, bool, <-chan remotecommand.TerminalSize) error {
	return errors.New("no container runs anything to attach to")
}

func (processes) PortForward(context.Context, string, int32, io.ReadWriteCloser) error {
	return errors.New("no sandbox has a network")
}
