"""What `doctor` says about versions: damaged ones, and whether the hotline's folder is what callers get."""

from commands.finding import Finding
from hotline.files import folder_files
from hotline.loader import load
from publishing.passwordless import Unkeepable, texts
from publishing.store import VersionStore
from publishing.versions import Standing, standing
from settings.settings import Settings

WHAT = "versions"


def versions(settings: Settings) -> Finding:
    """Compares the folder with what was published last."""
    store = VersionStore(settings.folder.versions)
    if store.damaged:
        named = ", ".join(store.damaged)
        return Finding(
            "wrong",
            WHAT,
            f"damaged: {named}. Restore a backup (./wutong restore), or publish again; then remove the damaged files",
            f"已损坏：{named}。请恢复备份（./wutong restore）或重新发布，再删除损坏的文件",
        )
    in_use = store.for_all[-1:]  # whose recordings the next start reads
    lost = {version.number: store.lost(version, thorough=version in in_use) for version in store.history}
    if lost := {number: names for number, names in lost.items() if names}:
        named = "; ".join(f"{number}: {', '.join(names[:3])}" for number, names in lost.items())
        return Finding(
            "wrong",
            WHAT,
            f"recordings or lists of callers of versions are lost or damaged: {named}. ./wutong restore brings them "
            "back, and so does ./wutong publish where the folder has them",
            f"有版本的录音或来电者名单丢失或损坏：{named}。./wutong restore 可以从备份恢复；文件夹里还有的，"
            "./wutong publish 也会补上",
        )
    if not store.for_all:
        return Finding("right", WHAT, "none yet: the first start keeps one", "还没有：首次启动时会保存一个")
    last = store.for_all[-1]
    extras = load(settings.hotline).extras
    try:
        files = texts(folder_files(settings.hotline) or {})
        how = standing(files, extras, str(settings.hotline.absolute()), store.history)
    except Unkeepable:
        how = Standing.EDITED
    match how:
        case Standing.PUBLISHED if last.extras is not None and not last.has(extras):
            return Finding(
                "odd",
                WHAT,
                f"recordings or lists of callers in the hotline's folder were changed since version {last.number}, and "
                "callers do not get that: ./wutong publish",
                f"热线文件夹中的录音或来电者名单在版本 {last.number} 之后修改过，来电还没有使用：./wutong publish",
            )
        case Standing.PUBLISHED:
            return Finding(
                "right", WHAT, f"version {last.number} is the hotline's folder", f"版本 {last.number} 与热线文件夹一致"
            )
        case Standing.TRIED:
            return Finding(
                "odd",
                WHAT,
                f"version {last.number} is in use; the hotline's folder has the files of one that was put on trial: "
                "./wutong versions",
                f"正在使用版本 {last.number}；热线文件夹是试用过的版本：./wutong versions",
            )
        case Standing.BEHIND:
            return Finding(
                "odd",
                WHAT,
                f"version {last.number} of {last.author} was published elsewhere, and is not in the hotline's folder: "
                f"./wutong versions export {last.number} {settings.hotline}",
                f"版本 {last.number}（{last.author}）是在别处发布的，热线文件夹里没有："
                f"./wutong versions export {last.number} {settings.hotline}",
            )
    return Finding(
        "odd",
        WHAT,
        f"the hotline's folder was edited since version {last.number}, and callers do not get that: ./wutong publish",
        f"热线文件夹在版本 {last.number} 之后修改过，来电还没有使用：./wutong publish",
    )
