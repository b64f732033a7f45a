package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strconv"
	"sync"
	"syscall"
	"time"

	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// What the containers of static pods run: their command, here, in the file system and the network of this
// program, which are the node's. Mounts are where they are on the node, as kubeadm's manifests have them.
type containers struct {
	logs string // NAME@NODE.log and NAME@NODE.pid; without it nothing is run
	node string

	lock    sync.Mutex
	configs map[string]*cri.ContainerConfig
	running map[string]*process
	starts  chan func()
}

type process struct {
	command *exec.Cmd
	ended   chan struct{}
}

func newContainers(logs, node string) *containers {
	c := &containers{logs: logs, node: node, configs: map[string]*cri.ContainerConfig{}, running: map[string]*process{}, starts: make(chan func())}
	go func() {
		// A child is told to end with the thread that started it (prctl(2), PR_SET_PDEATHSIG): this one stays.
		goruntime.LockOSThread()
		for start := range c.starts {
			start()
		}
	}()
	return c
}

func (c *containers) know(id string, config *cri.ContainerConfig) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.configs[id] = config
}

func (c *containers) runs(config *cri.ContainerConfig) bool {
	return c.logs != "" && config != nil && config.Image.GetImage() != image && len(config.Command) > 0
}

// start runs the command; `exited` is told how it ended.
func (c *containers) start(id string, exited func(code int32)) error {
	c.lock.Lock()
	defer c.lock.Unlock()
	config := c.configs[id]
	if !c.runs(config) {
		return nil
	}
	base := filepath.Join(c.logs, config.Metadata.Name+"@"+c.node)
	log, err := os.OpenFile(base+".log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	words := append(append([]string{}, config.Command...), config.Args...)
	command := exec.Command(words[0], words[1:]...)
	command.Env = append(os.Environ(), "HOME=/")
	for _, one := range config.Envs {
		command.Env = append(command.Env, one.Key+"="+string(one.Value))
	}
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	c.starts <- func() { started <- command.Start() }
	if err := <-started; err != nil {
		return err
	}
	one := &process{command: command, ended: make(chan struct{})}
	c.running[id] = one
	go func() {
		err := command.Wait()
		close(one.ended)
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			exited(int32(exit.ExitCode()))
		} else {
			exited(0)
		}
	}()
	return os.WriteFile(base+".pid", []byte(strconv.Itoa(command.Process.Pid)), 0o600)
}

// stop returns when the process is gone: SIGTERM, and SIGKILL after `patience`.
func (c *containers) stop(id string, patience time.Duration) {
	c.lock.Lock()
	one := c.running[id]
	delete(c.running, id)
	c.lock.Unlock()
	if one == nil {
		return
	}
	one.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-one.ended:
	case <-time.After(patience):
		one.command.Process.Kill()
		<-one.ended
	}
}

func (r *runtime) StartContainer(ctx context.Context, request *cri.StartContainerRequest) (*cri.StartContainerResponse, error) {
	answer, err := r.RemoteRuntime.StartContainer(ctx, request)
	if err != nil {
		return nil, err
	}
	exited := func(code int32) {
		r.RuntimeService.Lock()
		defer r.RuntimeService.Unlock()
		if one := r.RuntimeService.Containers[request.ContainerId]; one != nil {
			one.State = cri.ContainerState_CONTAINER_EXITED
			one.FinishedAt = time.Now().UnixNano()
			one.ExitCode = code
		}
	}
	if err := r.containers.start(request.ContainerId, exited); err != nil {
		exited(127)
		return nil, err
	}
	return answer, nil
}

func (r *runtime) StopContainer(ctx context.Context, request *cri.StopContainerRequest) (*cri.StopContainerResponse, error) {
	r.containers.stop(request.ContainerId, time.Duration(request.Timeout)*time.Second)
	return r.RemoteRuntime.StopContainer(ctx, request)
}

func (r *runtime) RemoveContainer(ctx context.Context, request *cri.RemoveContainerRequest) (*cri.RemoveContainerResponse, error) {
	r.containers.stop(request.ContainerId, 0)
	return r.RemoteRuntime.RemoveContainer(ctx, request)
}
