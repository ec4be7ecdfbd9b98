import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from agencies.models import Agency
from attestations.placements.files import FileUnreadable
from attestations.placements.in_one_go import import_file
from attestations.placements.layout import ColumnsRefused


class Command(BaseCommand):
    help = (
        "Reads a file of placements (CSV or XLSX), refuses what is wrong row by row, judges and "
        "saves the rest. Accepted are new, changed and unchanged rows; duplicate are rows whose "
        "reference stands more than once in the file, of which none is taken; rejected are rows "
        "with any other problem. Exits 0 when the file was read to its end, whatever was rejected; "
        "2 when the file, its columns or the agency cannot be used and nothing was saved."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--agency", metavar="NUMBER", required=True, help="register number")
        parser.add_argument(
            "--columns",
            metavar="MAPPING.json",
            type=Path,
            help='{"header in the file": "our column", "header to leave aside": null}',
        )
        parser.add_argument("--dry-run", action="store_true", help="check, and save nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, file, agency, columns, dry_run, **options):
        try:
            found = Agency.objects.get(register_number=agency.strip().upper())
            result = import_file(
                path=file, agency=found, mapping=_mapping(columns), dry_run=dry_run
            )
        except (Agency.DoesNotExist, ColumnsRefused, FileUnreadable) as refused:
            message = str(refused)
            if isinstance(refused, Agency.DoesNotExist):
                message = f"No agency has the register number {agency!r}."
            if options["json"]:
                self.stdout.write(json.dumps({"state": "failed", "message": message}))
            raise CommandError(message, returncode=2) from refused
        if options["json"]:
            self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False))
        else:
            self._tell(result)

    def _tell(self, result):
        self.stdout.write(
            f"{result['rows']} rows: {result['accepted']} accepted, {result['rejected']} "
            f"rejected, {result['duplicate']} duplicate"
        )
        self.stdout.write(
            f"of the accepted: {result['new']} new, {result['changed']} changed, "
            f"{result['unchanged']} unchanged"
        )
        for note in result["notes"]:
            self.stdout.write(f"note: {note}")
        for error in result["errors"]:
            where = f"{error['sheet']}, " if error["sheet"] else ""
            column = f", {error['column']}" if error["column"] else ""
            value = f" [{error['value']}]" if error["value"] else ""
            self.stdout.write(
                f"{where}row {error['row']}{column}{value}: {error['message']}"
                + (f" {error['suggestion']}" if error["suggestion"] else "")
            )
        for outcome, many in result["outcomes"].items():
            if many:
                self.stdout.write(f"{many} {outcome}")
        if result["dry_run"]:
            self.stdout.write("Nothing was saved: this was a dry run.")


def _mapping(path):
    if path is None:
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as wrong:
        raise FileUnreadable(f"The mapping {path} cannot be read as JSON: {wrong}.") from wrong
