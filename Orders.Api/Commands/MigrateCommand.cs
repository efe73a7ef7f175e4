using System.CommandLine;
using Orders.Application;

namespace Orders.Api.Commands;

/// <summary><c>migrate</c>: applies the schema scripts.</summary>
internal static class MigrateCommand
{
    public static Command Create(Func<string[], IHost> buildHost)
    {
        var command = new Command("migrate", "Create the table orders_synced if it does not exist. An existing table is not changed.");
        CommandHost.Run<ISchemaMigrator>(command, buildHost, async (migrator, _, cancellationToken) =>
        {
            await migrator.MigrateAsync(cancellationToken);
            return 0;
        });
        return command;
    }
}
