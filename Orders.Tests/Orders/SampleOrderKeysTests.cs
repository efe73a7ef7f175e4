using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>The sample over HTTP.</summary>
internal sealed class SampleOrderKeysTests
{
    [Test]
    public async Task A_sample_is_five_distinct_keys_of_existing_orders_or_all_when_there_are_fewer()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1, 2, 3);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString);
        RunningApi.Answer answer = await api.GetAsync("/api/v1/orders/sample");
        Assert.That(answer.Json.GetProperty("sample_order_keys").EnumerateArray().Select(key => key.GetInt64()), Is.EquivalentTo(new long[] { 1, 2, 3 }));
    }
}
