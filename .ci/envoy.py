"""Runs Envoy in front of three servers of the quickstart, and replaces them one by one: `envoy.py <envoy> <configuration>`.

Fails if Envoy rejects the configuration or reports a healthy server as unhealthy, or if a call fails.
"""

import json, os, re, socket, subprocess, sys, tempfile, time, urllib.request

envoy, config = sys.argv[1:]
target = os.environ.get("CARGO_TARGET_DIR", "target")
quickstart, steady = f"{target}/debug/quickstart", f"{target}/debug/examples/steady"


def free_ports(count):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def wait_until(what, is_so, seconds=60):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            sys.exit(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def serve(port):
    server = subprocess.Popen([quickstart, f"127.0.0.1:{port}"], stdout=subprocess.PIPE, text=True)
    server.stdout.readline()
    return server


def stop(server):
    server.terminate()
    if server.wait(40) != 0:
        sys.exit("a server failed")


subprocess.run([envoy, "--mode", "validate", "--log-level", "error", "-c", config], check=True)
subprocess.run(["cargo", "build", "--quiet", "--locked", "-p", "quickstart", "--bins", "--examples"], check=True)

listen, admin, *ports = free_ports(5)
text = open(config).read().replace("port_value: 8080", f"port_value: {listen}").replace("port_value: 9901", f"port_value: {admin}")
for i, port in enumerate(ports):
    text = re.sub(rf"address: users-{i}, port_value: 50051", f"address: 127.0.0.1, port_value: {port}", text)


def healthy():
    with urllib.request.urlopen(f"http://127.0.0.1:{admin}/clusters?format=json") as clusters:
        found = next(each for each in json.load(clusters)["cluster_statuses"] if each["name"] == "users")
    return sum(host["health_status"].get("eds_health_status") == "HEALTHY" and not host["health_status"].get("failed_active_health_check") for host in found["host_statuses"])


def is_up():
    try:
        return healthy() == 3
    except OSError:
        return False


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "envoy.yaml")
    with open(path, "w") as file:
        file.write(text)
    servers = [serve(port) for port in ports]
    proxy = subprocess.Popen([envoy, "--log-level", "error", "--concurrency", "2", "--use-dynamic-base-id", "-c", path])
    try:
        wait_until("three healthy servers", is_up)
        load = subprocess.Popen([steady, f"127.0.0.1:{listen}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        load.stdout.readline()
        for round in range(2):
            for i, port in enumerate(ports):
                time.sleep(0.5)
                stop(servers[i])
                wait_until("an unhealthy server", lambda: healthy() == 2)
                servers[i] = serve(port)
                wait_until("its return", lambda: healthy() == 3)
        said, _ = load.communicate("", 30)
        print(f"behind Envoy, six servers replaced: {said.strip()}")
        calls, failed = map(int, re.match(r"(\d+) calls, (\d+) failed", said).groups())
        if failed or calls < 1000:
            sys.exit("calls failed")
    finally:
        proxy.terminate()
        proxy.wait(20)
        for server in servers:
            server.kill()
