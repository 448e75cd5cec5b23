"""What `doctor` says about versions: damaged ones, and whether the hotline's folder is what callers get."""

from commands.finding import Finding
from hotline.files import folder_files
from hotline.loader import load
from publishing.passwordless import Unkeepable, texts
from publishing.store import VersionStore
from publishing.versions import Standing, standing
from sentences.sentence import Sentence
from settings.settings import Settings

WHAT = Sentence("versions")


def versions(settings: Settings) -> Finding:
    """Compares the folder with what was published last."""
    store = VersionStore(settings.folder.versions)
    if store.damaged:
        named = ", ".join(store.damaged)
        return Finding(
            "wrong",
            WHAT,
            Sentence(
                "damaged: {named}. Restore a backup (./wutong restore), or publish again; then remove the damaged "
                "files",
                named=named,
            ),
        )
    in_use = store.for_all[-1:]  # whose recordings the next start reads
    lost = {version.number: store.lost(version, thorough=version in in_use) for version in store.history}
    if lost := {number: names for number, names in lost.items() if names}:
        named = "; ".join(f"{number}: {', '.join(names[:3])}" for number, names in lost.items())
        return Finding(
            "wrong",
            WHAT,
            Sentence(
                "recordings or lists of callers of versions are lost or damaged: {named}. ./wutong restore brings "
                "them back, and so does ./wutong publish where the folder has them",
                named=named,
            ),
        )
    if not store.for_all:
        return Finding("right", WHAT, Sentence("none yet: the first start keeps one"))
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
                Sentence(
                    "recordings or lists of callers in the hotline's folder were changed since version {number}, and "
                    "callers do not get that: ./wutong publish",
                    number=last.number,
                ),
            )
        case Standing.PUBLISHED:
            return Finding("right", WHAT, Sentence("version {number} is the hotline's folder", number=last.number))
        case Standing.TRIED:
            return Finding(
                "odd",
                WHAT,
                Sentence(
                    "version {number} is in use; the hotline's folder has the files of one that was put on trial: "
                    "./wutong versions",
                    number=last.number,
                ),
            )
        case Standing.BEHIND:
            return Finding(
                "odd",
                WHAT,
                Sentence(
                    "version {number} of {author} was published elsewhere, and is not in the hotline's folder: "
                    "./wutong versions export {number} {hotline}",
                    number=last.number,
                    author=last.author,
                    hotline=settings.hotline,
                ),
            )
    return Finding(
        "odd",
        WHAT,
        Sentence(
            "the hotline's folder was edited since version {number}, and callers do not get that: ./wutong publish",
            number=last.number,
        ),
    )
