"""The daily sheet over HTTP: `/daily-sheet`."""

from datetime import date, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Response

from accounts.asking import Asking
from daily import page
from daily.sheets import Sheets
from reports.periods import FIRST, LAST
from sentences.sentence import Sentence
from web.problems import Wanted

WEEK = timedelta(days=7)


def router(sheets: Sheets) -> APIRouter:
    """The route."""
    routes = APIRouter(prefix="/daily-sheet", tags=["reports"])

    @routes.get(
        "",
        summary="The daily sheet: one page to print",
        response_class=Response,
        responses={
            200: {
                "content": {
                    "text/html": {"schema": {"type": "string"}},
                    "application/pdf": {"schema": {"type": "string", "format": "binary"}},
                }
            },
            503: {"description": "The sheet cannot be made; the sentence says why."},
        },
    )
    async def get_sheet(
        asker: Asking,
        accepted: Wanted,
        day: Annotated[date | None, Query(description="By the hotline's clock. Left out: yesterday.")] = None,
        language: Annotated[Literal["zh", "en"] | None, Query(description="Left out: by `Accept-Language`.")] = None,
        format: Annotated[Literal["html", "pdf"], Query(description="PDF needs a font: docs/reports.md.")] = "html",
    ) -> Response:
        """The figures of the whole hotline on that day, beside those of the day before and of a week before. No day
        after today has a sheet.
        """
        today = sheets.today()
        wanted, first, last = day or today - timedelta(days=1), FIRST + WEEK, min(today, LAST - timedelta(days=1))
        if not first <= wanted <= last:
            raise HTTPException(422, Sentence("`day` has to be from {first} to {last}.", first=first, last=last))
        sheet = await sheets.sheet(wanted, language or accepted)
        if format == "pdf":
            headers = {"Content-Disposition": f'attachment; filename="sheet-{wanted}.pdf"'}
            return Response(await sheets.pdf(sheet), media_type="application/pdf", headers=headers)
        headers = {"Content-Security-Policy": page.CONTENT_SECURITY_POLICY}
        return Response(page.html(page.page(sheet)), media_type="text/html", headers=headers)

    return routes
