using Orders.Infrastructure.Postgres;

namespace Orders.Tests.Postgres;

internal sealed class QualifiedNameTests
{
    [TestCase("public.orders_synced", "public", "orders_synced")]
    [TestCase("Public.Orders", "Public", "Orders")]
    [TestCase("\"my schema\".orders", "my schema", "orders")]
    [TestCase("\"a.b\".\"c\"\"d\"", "a.b", "c\"d")]
    public void A_schema_and_a_name_are_read_as_the_catalogue_has_them(string text, string schema, string name) =>
        Assert.That(QualifiedName.Parse(text), Is.EqualTo(new QualifiedName { Schema = schema, Name = name }));

    [TestCase("")]
    [TestCase("orders_synced")]
    [TestCase("a.b.c")]
    [TestCase(".b")]
    [TestCase("a.")]
    [TestCase("a.\"\"")]
    [TestCase("my schema.orders")]
    [TestCase("a.b$body$c")]
    [TestCase("a.ääääääääääääääääääääääääääääääää")]
    public void What_is_neither_is_refused(string text) => Assert.That(QualifiedName.Parse(text), Is.Null);
}
