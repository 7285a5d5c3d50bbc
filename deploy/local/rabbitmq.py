"""A private RabbitMQ node: a folder, ports of the loopback interface, and nothing else."""

import json
import os
import subprocess
from pathlib import Path

import kombu
from kombu.exceptions import OperationalError

from deploy.local.ports import free_port
from deploy.local.processes import Process, ProcessFailed
from deploy.local.programs import rabbitmq_programs
from deploy.local.running import Running
from deploy.local.secret import kept_secret

_NAME = "kabinet"  # of the user, of the virtual host, and of the node on its own epmd

_CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
default_user = {name}
default_pass = {password}
default_vhost = {name}
log.console = true
log.console.level = info
log.file = false
# A small or full machine must not keep it from accepting messages.
disk_free_limit.absolute = 16MB
vm_memory_high_watermark.relative = 0.8
"""

# RabbitMQ looks into every module while it starts, and Erlang loads them one by one. Told
# beforehand it loads them together, which saves a third of the time. Only the server itself
# shall do so: it is the one that is given its name later.
_LOAD_EARLY = (
    "erlang:is_alive()orelse"
    "[code:ensure_modules_loaded(M)||A<-"
    "[rabbit,rabbit_common,rabbitmq_prelaunch,mnesia,ra,osiris,ssl,inets,compiler,stdlib,kernel,"
    "tools,xmerl,public_key,cuttlefish,ranch,observer_cli],"
    "_<-[application:load(A)],{ok,M}<-[application:get_key(A,modules)]]."
)


class LocalRabbitMQ(Running):
    """A broker of our own, used as a `with` or by `start` and `stop`.

    Queues, password, cookie and log lie in `folder`, and a later broker finds them again. Its
    name server (epmd) is its own too, so it meets no other node of this machine.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing runs yet. Refuses with `ProgramMissing` where RabbitMQ is not installed."""
        self._programs = rabbitmq_programs()
        self.folder = folder.absolute()
        self.port = free_port()
        self._environment = self._make_environment()
        self._epmd = Process(
            "epmd",
            ["epmd"],
            env=self._environment,
            log=self.folder / "epmd.log",
        )
        self._process = Process(
            "RabbitMQ",
            [str(self._programs / "rabbitmq-server")],
            # Under systemd the start script becomes the server instead of watching over it, so
            # that the id we know is that of the server; nothing else hangs on the variable.
            env=self._environment
            | {"RUNNING_UNDER_SYSTEMD": "true", "ERL_AFLAGS": f"-eval {_LOAD_EARLY}"},
            cwd=Path("/"),
            log=self.folder / "rabbitmq.log",
            ready=self._accepts,
        )

    @property
    def url(self) -> str:
        """The address of the broker's one virtual host, with its user and password."""
        password = kept_secret(self._password_file)
        return f"amqp://{_NAME}:{password}@127.0.0.1:{self.port}/{_NAME}"

    @property
    def log(self) -> Path:
        return self._process.log

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.is_running

    def start(self, *, timeout: float = 120) -> None:
        """Start on what the folder holds and wait until it takes connections.

        After `stop` or `kill` the address is the same, and durable queues have their persistent
        messages. `ProcessFailed` says why it did not start.
        """
        self._write_configuration()
        if not self._epmd.is_running:
            self._epmd.start()
        try:
            self._process.start(timeout=timeout)
        except BaseException:
            self._epmd.terminate()
            raise

    def stop(self) -> None:
        """Stop cleanly; durable queues stay in the folder."""
        self._process.terminate(timeout=60)
        self._epmd.terminate()

    def kill(self) -> None:
        """A crash: SIGKILL for the broker."""
        self._process.kill()

    def pause(self) -> None:
        """Freeze the broker: connections stay open, and nothing answers on them."""
        self._process.pause()

    def resume(self) -> None:
        self._process.resume()

    def queues(self) -> dict[str, tuple[int, int]]:
        """Messages (waiting and unacknowledged) and consumers of every queue, by its name."""
        told = subprocess.run(
            [
                str(self._programs / "rabbitmqctl"),
                *("--quiet", "--formatter", "json", "--vhost", _NAME),
                *("list_queues", "name", "messages", "consumers"),
            ],
            env=self._environment,
            cwd="/",
            capture_output=True,
            check=False,
            timeout=60,
        )
        if told.returncode != 0:
            raise ProcessFailed(f"rabbitmqctl failed.\n{told.stderr.decode()}")
        return {
            queue["name"]: (queue["messages"], queue["consumers"])
            for queue in json.loads(told.stdout)
        }

    @property
    def _password_file(self) -> Path:
        return self.folder / "password"

    def _write_configuration(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        kept_secret(self.folder / ".erlang.cookie")
        configuration = self.folder / "rabbitmq.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            _CONFIGURATION.format(
                name=_NAME, port=self.port, password=kept_secret(self._password_file)
            )
        )
        (self.folder / "enabled_plugins").write_text("[].\n")

    def _make_environment(self) -> dict[str, str]:
        """Ours without what is meant for another node, and with every path in the folder."""
        foreign = ("RABBITMQ_", "ERL_", "NOTIFY_SOCKET")
        kept = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
        inside = {
            "HOME": "",  # where Erlang looks for the cookie
            "RABBITMQ_CONF_ENV_FILE": "rabbitmq-env.conf",
            "RABBITMQ_CONFIG_FILE": "rabbitmq.conf",
            "RABBITMQ_CONFIG_FILES": "conf.d/*.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": "advanced.config",
            "RABBITMQ_ENABLED_PLUGINS_FILE": "enabled_plugins",
            "RABBITMQ_MNESIA_BASE": "mnesia",
            "RABBITMQ_LOG_BASE": "log",
            "RABBITMQ_PID_FILE": "pid",
            "RABBITMQ_GENERATED_CONFIG_DIR": "generated",
            "RABBITMQ_SCHEMA_DIR": "schema",
            "ERL_CRASH_DUMP": "crash.dump",
        }
        return (
            kept
            | {name: str(self.folder / path) for name, path in inside.items()}
            | {
                "LC_ALL": "C.UTF-8",
                "RABBITMQ_LOGS": "-",
                "RABBITMQ_NODENAME": f"{_NAME}@localhost",
                "RABBITMQ_USE_LONGNAME": "false",
                "RABBITMQ_DIST_PORT": str(free_port()),
                "ERL_EPMD_PORT": str(free_port()),
                "ERL_EPMD_ADDRESS": "127.0.0.1",
                "ERL_FLAGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            }
        )

    def _accepts(self) -> bool:
        """The port is opened last, so who gets in finds everything there."""
        try:
            with kombu.Connection(self.url, connect_timeout=5) as connection:
                connection.connect()
        except (OperationalError, OSError):
            return False
        return True
