"""A headless Chromium for the browser tests: the system's, or the one that npm carries."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
UNPACKED = ROOT / "node_modules" / ".chromium"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>{0}/fonts</dir><cachedir>{0}/fonts-cache</cachedir></fontconfig>"""
UNPACK = "import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath())"


def launch_options() -> dict[str, Any]:
    """Arguments for Playwright's ``chromium.launch``.

    The npm package unpacks into TMPDIR, and its NSS libraries only where it believes itself on Lambda.
    """
    args = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-gpu"]
    if os.geteuid() == 0:
        args.append("--no-sandbox")
    system = next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)
    if system:
        return {"executable_path": system, "args": args}
    lambda_env = {**os.environ, "TMPDIR": str(UNPACKED), "AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
    done = UNPACKED / "ready"
    if not done.exists():
        shutil.rmtree(UNPACKED, ignore_errors=True)
        UNPACKED.mkdir(parents=True)
        node = ROOT / ".venv" / "bin" / "node"
        subprocess.run([node, "-e", UNPACK], cwd=ROOT, env=lambda_env, check=True)
        (UNPACKED / "fonts.conf").write_text(FONTS.format(UNPACKED), encoding="utf-8")
        done.touch()
    libraries = os.pathsep.join(filter(None, [str(UNPACKED / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH")]))
    env = {**os.environ, "LD_LIBRARY_PATH": libraries, "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf")}
    return {"executable_path": UNPACKED / "chromium", "args": [*args, "--no-sandbox", "--no-zygote"], "env": env}
