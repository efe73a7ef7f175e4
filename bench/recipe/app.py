"""The peer: the orders service of the Databricks Apps cookbook's recipe, with its endpoints, statements and pool sizes.

Left out is what only its own surroundings need: credentials, TLS to the database, checks of invalid keys' wording. Also left out, in
its favour, is the middleware of the cookbook's application that times and logs each request.
"""
import logging
import os
from datetime import date
from decimal import Decimal
from typing import AsyncGenerator, List, Optional

from fastapi import Depends, FastAPI, HTTPException, Query
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Field, SQLModel

logger = logging.getLogger(__name__)


class OrderColumns(SQLModel):
    o_custkey: int
    o_orderstatus: str
    o_totalprice: Decimal
    o_orderdate: date
    o_orderpriority: str
    o_clerk: str
    o_shippriority: int
    o_comment: str


class Order(OrderColumns, table=True):
    __tablename__ = "orders_synced"
    o_orderkey: Optional[int] = Field(default=None, primary_key=True)


class OrderRead(OrderColumns):
    o_orderkey: int


class OrderCount(SQLModel):
    total_orders: int


class OrderSample(SQLModel):
    sample_order_keys: List[int]


class StatusUpdate(SQLModel):
    o_orderstatus: str


class StatusUpdated(SQLModel):
    o_orderkey: int
    o_orderstatus: str
    message: str


class Paging(SQLModel):
    page: int
    page_size: int
    total_pages: int
    total_count: int
    has_next: bool
    has_previous: bool
    next_cursor: Optional[int] = None
    previous_cursor: Optional[int] = None


class CursorPaging(SQLModel):
    page_size: int
    has_next: bool
    has_previous: bool
    next_cursor: Optional[int] = None
    previous_cursor: Optional[int] = None


class OrderPage(SQLModel):
    orders: List[OrderRead]
    pagination: Paging


class OrderStream(SQLModel):
    orders: List[OrderRead]
    pagination: CursorPaging


engine = create_async_engine(
    URL.create("postgresql+asyncpg", username=os.environ["PGUSER"], database=os.environ["PGDATABASE"], query={"host": os.environ["PGHOST"]}),
    pool_pre_ping=False,
    pool_size=5,
    max_overflow=10,
    pool_timeout=30,
    pool_recycle=3600,
    connect_args={"command_timeout": 30, "server_settings": {"application_name": "recipe"}},
)
new_session = sessionmaker(bind=engine, class_=AsyncSession, expire_on_commit=False)
app = FastAPI()


async def session() -> AsyncGenerator[AsyncSession, None]:
    async with new_session() as opened:
        yield opened


def failed(what: str, error: Exception) -> HTTPException:
    logger.error("%s: %s", what, error)
    return HTTPException(status_code=500, detail=what)


@app.get("/api/v1/orders/count", response_model=OrderCount)
async def count_orders(db: AsyncSession = Depends(session)):
    try:
        return OrderCount(total_orders=(await db.execute(select(func.count(Order.o_orderkey)))).scalar())
    except Exception as error:
        raise failed("Failed to retrieve order count", error)


@app.get("/api/v1/orders/sample", response_model=OrderSample)
async def sample_orders(db: AsyncSession = Depends(session)):
    try:
        return OrderSample(sample_order_keys=(await db.execute(select(Order.o_orderkey).limit(5))).scalars().all())
    except Exception as error:
        raise failed("Failed to retrieve sample orders", error)


@app.get("/api/v1/orders/pages", response_model=OrderPage)
async def page_orders(
    page: int = Query(1, ge=1),
    page_size: int = Query(100, ge=1, le=1000),
    include_count: bool = Query(True),
    db: AsyncSession = Depends(session),
):
    try:
        total_count = total_pages = -1
        if include_count:
            total_count = (await db.execute(select(func.count(Order.o_orderkey)))).scalar()
            total_pages = (total_count + page_size - 1) // page_size
        statement = select(Order).order_by(Order.o_orderkey).offset((page - 1) * page_size).limit(page_size + 1)
        rows = (await db.execute(statement)).scalars().all()
        return OrderPage(
            orders=rows[:page_size],
            pagination=Paging(page=page, page_size=page_size, total_pages=total_pages, total_count=total_count,
                              has_next=len(rows) > page_size, has_previous=page > 1),
        )
    except Exception as error:
        raise failed("Failed to retrieve orders", error)


@app.get("/api/v1/orders/stream", response_model=OrderStream)
async def stream_orders(
    cursor: int = Query(0, ge=0),
    page_size: int = Query(100, ge=1, le=1000),
    db: AsyncSession = Depends(session),
):
    try:
        statement = select(Order).where(Order.o_orderkey > cursor).order_by(Order.o_orderkey).limit(page_size + 1)
        rows = (await db.execute(statement)).scalars().all()
        orders, has_next = rows[:page_size], len(rows) > page_size
        return OrderStream(
            orders=orders,
            pagination=CursorPaging(page_size=page_size, has_next=has_next, has_previous=cursor > 0,
                                    next_cursor=orders[-1].o_orderkey if orders and has_next else None,
                                    previous_cursor=max(0, cursor - page_size) if cursor > 0 else None),
        )
    except Exception as error:
        raise failed("Failed to retrieve orders", error)


@app.get("/api/v1/orders/{order_key}", response_model=OrderRead)
async def read_order(order_key: int, db: AsyncSession = Depends(session)):
    try:
        if order_key <= 0:
            raise HTTPException(status_code=400, detail="Invalid order key provided")
        order = (await db.execute(select(Order).where(Order.o_orderkey == order_key))).scalars().first()
        if not order:
            raise HTTPException(status_code=404, detail=f"Order with key '{order_key}' not found")
        return order
    except HTTPException:
        raise
    except Exception as error:
        raise failed("Internal server error occurred", error)


@app.post("/api/v1/orders/{order_key}/status", response_model=StatusUpdated)
async def update_status(order_key: int, update: StatusUpdate, db: AsyncSession = Depends(session)):
    try:
        if order_key <= 0:
            raise HTTPException(status_code=400, detail="Invalid order key provided")
        order = (await db.execute(select(Order).where(Order.o_orderkey == order_key))).scalars().first()
        if not order:
            raise HTTPException(status_code=404, detail=f"Order with key '{order_key}' not found")
        order.o_orderstatus = update.o_orderstatus
        await db.commit()
        await db.refresh(order)
        return StatusUpdated(o_orderkey=order_key, o_orderstatus=update.o_orderstatus, message="Order status updated successfully")
    except HTTPException:
        raise
    except Exception as error:
        raise failed("Failed to update order status", error)
